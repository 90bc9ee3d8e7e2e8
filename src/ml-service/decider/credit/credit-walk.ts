import { CreditReport, type RewardsBps } from '../../dto/index.js';
import type { Journal, JournalRecord } from '../../journal/index.js';
import { DecisionSource } from '../decision-source.js';
import { DeciderFold } from '../fold.js';
import type { DecisionRecord, FeedbackRecord } from '../records.js';
import { type Ballots, ballotsOf } from './ballot.js';
import { CreditBooks } from './books.js';

/** Decisions whose outcome may still come or be corrected; older ones are booked as they are. */
const REMEMBERED = 65_536;

interface Remembered {
  readonly ballots: Ballots;
  rewards?: RewardsBps;
}

/**
 * Credit of the experts as a pure fold over the journal: every decision is made again without each of its votes, in the
 * state in which it was made. It goes on from where it was left.
 */
export class CreditWalk {
  readonly #journal: Pick<Journal, 'read' | 'findBySubject'>;
  readonly #source: DecisionSource;
  readonly #fold: DeciderFold;
  readonly #books = new CreditBooks();
  readonly #remembered = new Map<string, Remembered>();
  #seq = 0;
  #decisions = 0;
  #judged = 0;
  #uncorrected = 0;

  constructor(journal: Pick<Journal, 'read' | 'findBySubject'>) {
    this.#journal = journal;
    this.#source = new DecisionSource(journal);
    this.#fold = new DeciderFold(this.#source);
  }

  /** The last record taken into account. */
  get seq(): number {
    return this.#seq;
  }

  /** Takes up to `count` further records into account; returns how many there were. */
  advance(count: number): number {
    let taken = 0;
    for (const record of this.#journal.read({ fromSeq: this.#seq + 1, toSeq: this.#seq + count })) {
      this.#step(record);
      this.#seq = record.seq;
      taken += 1;
    }
    return taken;
  }

  report(): CreditReport {
    return Object.assign(new CreditReport(), {
      seq: this.#seq,
      decisions: this.#decisions,
      judged: this.#judged,
      ...(this.#uncorrected === 0 ? {} : { uncorrected: this.#uncorrected }),
      experts: this.#books.league(),
    });
  }

  #step(record: JournalRecord): void {
    if (record.kind === 'decision') {
      this.#decided(record.body as DecisionRecord);
      return;
    }
    if (record.kind === 'feedback' || record.kind === 'correction')
      this.#settled(record.body as FeedbackRecord, record.kind === 'correction');
    this.#fold.apply(record);
  }

  #decided(decision: DecisionRecord): void {
    this.#decisions += 1;
    this.#source.remember(decision);
    const ballots = ballotsOf(decision, this.#fold);
    this.#books.decided(ballots);
    this.#remembered.set(decision.decisionId, { ballots });
    if (this.#remembered.size <= REMEMBERED) return;
    const oldest = this.#remembered.keys().next();
    if (!oldest.done) this.#remembered.delete(oldest.value);
  }

  #settled(outcome: FeedbackRecord, correction: boolean): void {
    const known = this.#remembered.get(outcome.decisionId);
    if (!known) {
      if (correction) this.#uncorrected += 1;
      return;
    }
    if (known.rewards) {
      this.#books.settled(known.ballots, known.rewards, -1);
      this.#judged -= 1;
      delete known.rewards;
    }
    if (outcome.feedbackKind !== 'full' || !outcome.rewardsBps) return;
    known.rewards = outcome.rewardsBps;
    this.#books.settled(known.ballots, known.rewards, 1);
    this.#judged += 1;
  }
}

import { isDeepStrictEqual } from 'node:util';
import { Decider, type DeciderConfig } from '../../fastcalc/index.js';
import { type Clock, type Logger, ServiceError } from '../../runtime/index.js';
import type { Idempotency } from '../../service-framework/index.js';
import {
  type Costs,
  Decision,
  type Explanation,
  type Learned,
  type RlStatus,
  type TradeFeedback,
  type VoteTally,
} from '../dto/index.js';
import type { Appended, AppendRequest, Checkpoint, Journal } from '../journal/index.js';
import { DecisionSource } from './decision-source.js';
import { explanationOf } from './explanation.js';
import { checkExploration } from './exploration.js';
import { DeciderFold } from './fold.js';
import type { ConfigurationRecord, DecisionRecord, ExplorationPolicy, FeedbackRecord } from './records.js';

export interface DeciderServiceOptions {
  readonly journal: Journal;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly decider?: Partial<DeciderConfig>;
  readonly exploration?: ExplorationPolicy;
  /** What trading costs where a question does not say. */
  readonly defaultCosts: Costs;
  /** Outcomes between two checkpoints. */
  readonly checkpointEvery: number;
}

/**
 * Decides, learns and remembers. Every change of state is a journal record first: a decision is answered once it
 * survives the process, an outcome once it survives a power cut.
 */
export class DeciderService {
  readonly #options: DeciderServiceOptions;
  readonly #journal: Journal;
  readonly #source: DecisionSource;
  #fold: DeciderFold;
  #sinceCheckpoint = 0;
  #checkpointing: Promise<void> = Promise.resolve();
  #failure: ServiceError | undefined;

  private constructor(options: DeciderServiceOptions) {
    this.#options = options;
    this.#journal = options.journal;
    this.#source = new DecisionSource(options.journal);
    this.#fold = new DeciderFold(this.#source);
    // Called before the lost appends reject, so that nothing is answered from a state that never was.
    this.#journal.onFailure(({ kind, error, durableSeq }) => {
      if (kind === 'failed') {
        this.#failure = error;
        options.logger.error(
          { err: error },
          'the journal failed; nothing is decided or learned until a restart',
        );
        return;
      }
      this.#rebuild();
      options.logger.warn(
        { err: error, seq: durableSeq },
        'records refused; the state is what the journal holds',
      );
    });
  }

  /**
   * Rebuilds the state from the journal, and journals the configuration where it is a new one.
   * @throws ServiceError DATA_LOSS when the journal does not lead to the state it says
   */
  static async open(options: DeciderServiceOptions): Promise<DeciderService> {
    const service = new DeciderService(options);
    service.#rebuild();
    await service.#configure();
    return service;
  }

  /** Answers a tally; resolves once the decision survives the death of the process. */
  async decide(tally: VoteTally): Promise<Decision> {
    this.#refuseAfterFailure();
    const costs = tally.costs ?? this.#options.defaultCosts;
    const seq = this.#journal.lastSeq + 1;
    const answer = this.#fold.answer(tally, costs, seq);
    const record: DecisionRecord = {
      decisionId: `${this.#journal.id.slice(0, 12)}-${seq}`,
      symbol: tally.symbol,
      timeframe: tally.timeframe,
      session: tally.session,
      strategy: tally.strategy ?? 'default',
      asOfMs: tally.asOfMs,
      ...answer,
      costs,
      tally,
    };
    const appended = this.#append({ kind: 'decision', subject: record.decisionId, body: record });
    this.#source.remember(record);
    await appended.durable;
    const { costs: _costs, greedy: _greedy, ...said } = record;
    return Object.assign(new Decision(), said, { seq: appended.seq });
  }

  /**
   * Learns the outcome of a decision, once; resolves when it survives a power cut.
   * @throws ServiceError NOT_FOUND for a decision never given here; ALREADY_EXISTS when it has its outcome
   */
  async learn(feedback: TradeFeedback, idempotency: Idempotency | undefined): Promise<Learned> {
    this.#refuseAfterFailure();
    const { decisionId } = feedback;
    const decision = this.decision(decisionId);
    const known = this.#journal.findBySubject('feedback', decisionId);
    if (known) {
      throw new ServiceError(
        'ALREADY_EXISTS',
        `decision ${decisionId} has its outcome already, in record ${known.seq}`,
        {
          field: 'decisionId',
          details: { seq: known.seq },
        },
      );
    }
    const { learned: _learned, seq: _seq, stateHash: _hash, ...said } = feedback;
    const entry = {
      ...said,
      takenAction: feedback.takenAction ?? decision.action,
      learned: isLearnable(feedback, decision),
    };
    const stateHash = this.#fold.learn(decision, entry);
    const body: FeedbackRecord = { ...entry, stateHash };
    const appended = this.#appendLearned(decisionId, body, idempotency);
    this.#checkpointWhenDue(appended);
    await appended.durable;
    return { learned: entry.learned, seq: appended.seq, stateHash };
  }

  /** @throws ServiceError NOT_FOUND for a decision never given here */
  decision(decisionId: string): DecisionRecord {
    const decision = this.#source.decision(decisionId);
    if (decision) return decision;
    throw new ServiceError('NOT_FOUND', `decisionId: no decision "${decisionId}" was given by this service`, {
      field: 'decisionId',
    });
  }

  /** A decision with its outcome, if any, and the reasons in words. */
  explain(decisionId: string): Explanation {
    return explanationOf(this.#journal, decisionId);
  }

  status(): RlStatus {
    return {
      stateHash: this.#fold.stateHash,
      seq: this.#journal.lastSeq,
      policyVersion: this.#fold.policyVersion,
      outcomes: this.#fold.outcomes,
      experts: this.#fold.experts().map(({ slot, awake, outcomes, weight, hitRate }) => ({
        expert: slot.slice(0, slot.lastIndexOf('@')),
        slot,
        awake,
        outcomes,
        weight,
        hitRate,
      })),
    };
  }

  /** Why it cannot decide at present, if so. */
  get failure(): ServiceError | undefined {
    return this.#failure;
  }

  /** Leaves a checkpoint behind, so that the next start has little to replay. */
  async close(): Promise<void> {
    await this.#checkpointing;
    if (this.#sinceCheckpoint === 0 || this.#failure) return;
    await this.#journal.writeCheckpoint(this.#checkpointAt(this.#journal.lastSeq));
  }

  #append(request: Omit<AppendRequest, 'timeMs'>): Appended {
    return this.#journal.append({ ...request, timeMs: this.#options.clock.nowMs() });
  }

  /** Memory has learned already; when the journal does not take the record, memory goes back to what it holds. */
  #appendLearned(subject: string, body: FeedbackRecord, idempotency: Idempotency | undefined): Appended {
    const keyed = idempotency === undefined ? {} : { idempotency: { command: 'rl.learn', ...idempotency } };
    try {
      return this.#append({ kind: 'feedback', subject, body, ...keyed });
    } catch (thrown) {
      this.#rebuild();
      throw thrown;
    }
  }

  #refuseAfterFailure(): void {
    if (!this.#failure) return;
    throw new ServiceError('UNAVAILABLE', `the journal does not take records: ${this.#failure.message}`, {
      cause: this.#failure,
    });
  }

  #rebuild(): void {
    this.#source.clear();
    this.#fold = new DeciderFold(this.#source);
    const fromSeq = this.#restoreCheckpoint() + 1;
    let replayed = 0;
    for (const record of this.#journal.read({ fromSeq, kinds: ['configuration', 'feedback'] })) {
      this.#fold.apply(record);
      replayed += 1;
    }
    this.#sinceCheckpoint = replayed;
  }

  /** The last record that the restored state has learned; 0 where there is none to restore. */
  #restoreCheckpoint(): number {
    const checkpoint = this.#journal.latestCheckpoint();
    if (!checkpoint) return 0;
    try {
      this.#fold.restore(checkpoint, this.#lastConfiguration(checkpoint.seq));
      return checkpoint.seq;
    } catch (thrown) {
      const error = ServiceError.from(thrown);
      if (error.code !== 'FAILED_PRECONDITION') throw error;
      // Of another version of the arithmetic: the journal is the truth, a checkpoint only a faster start.
      this.#options.logger.warn(
        { err: error, seq: checkpoint.seq },
        'checkpoint not usable; replaying the journal',
      );
      this.#fold = new DeciderFold(this.#source);
      return 0;
    }
  }

  #lastConfiguration(toSeq: number): ConfigurationRecord | undefined {
    let last: ConfigurationRecord | undefined;
    for (const record of this.#journal.read({ toSeq, kinds: ['configuration'] }))
      last = record.body as ConfigurationRecord;
    return last;
  }

  async #configure(): Promise<void> {
    const decider = new Decider(this.#options.decider ?? {});
    const wanted: ConfigurationRecord = {
      policyVersion: decider.policyVersion,
      decider: decider.config(),
      exploration: checkExploration(this.#options.exploration ?? { rate: 0, seed: 0 }),
    };
    if (isDeepStrictEqual(this.#lastConfiguration(this.#journal.lastSeq), wanted)) return;
    const { seq, durable } = this.#append({ kind: 'configuration', body: wanted });
    await durable;
    const record = [...this.#journal.read({ fromSeq: seq, toSeq: seq })][0];
    if (record) this.#fold.apply(record);
  }

  #checkpointWhenDue(appended: Appended): void {
    this.#sinceCheckpoint += 1;
    if (this.#sinceCheckpoint < this.#options.checkpointEvery) return;
    // Taken now, while memory and record agree; written once the journal is sure to hold all of it.
    const checkpoint = this.#checkpointAt(appended.seq);
    this.#sinceCheckpoint = 0;
    this.#checkpointing = this.#checkpointing
      .then(() => appended.durable)
      .then(() => this.#journal.writeCheckpoint(checkpoint))
      .catch((thrown: unknown) => {
        this.#options.logger.warn(
          { err: thrown, seq: checkpoint.seq },
          'no checkpoint written; the next start replays more',
        );
      });
  }

  #checkpointAt(seq: number): Checkpoint {
    return { seq, stateHash: this.#fold.stateHash, state: this.#fold.snapshot() };
  }
}

/** Nothing can be learned where the policy that acted is not the one that was logged. */
function isLearnable(feedback: TradeFeedback, decision: DecisionRecord): boolean {
  if (decision.tally.votes.length === 0) return false;
  if (feedback.feedbackKind === 'full') return true;
  return feedback.feedbackKind === 'bandit' && (feedback.takenAction ?? decision.action) === decision.action;
}

import { isDeepStrictEqual } from 'node:util';
import { Decider, type DeciderAnswer } from '../../fastcalc/index.js';
import { ServiceError } from '../../runtime/index.js';
import {
  type Action,
  type Costs,
  type PolicyVersion,
  roundTripBps,
  slotOf,
  type VoteTally,
} from '../dto/index.js';
import type { Checkpoint, JournalRecord } from '../journal/index.js';
import { Agreement, type AgreementStatus } from './agreement.js';
import { deciderContext, deciderVotes } from './decider-input.js';
import { type Explored, explore } from './exploration.js';
import { guard } from './guard.js';
import { Ledger } from './ledger.js';
import { DEFAULT_LIFE } from './life-settings.js';
import { Policies, teach } from './policies.js';
import { changeDue, type PolicyChange } from './policy-change.js';
import type {
  ConfigurationRecord,
  CorrectionRecord,
  DecisionRecord,
  ExplorationPolicy,
  FeedbackRecord,
  MarkRecord,
  ModelComparison,
  PolicyRecord,
  RollbackRecord,
} from './records.js';
import { type PastState, StateHistory } from './state-history.js';

/** Where the fold looks up what an earlier record said. */
export interface FoldSource {
  /** The decision with that id, if it was ever given. */
  decision(decisionId: string): DecisionRecord | undefined;
  /** The feedback records among these, in order; both ends included. */
  feedback(fromSeq: number, toSeq: number): Iterable<JournalRecord>;
  /** A state on disk at or before a record, where there is one. */
  checkpoint?(atMost: number): Checkpoint | undefined;
}

/** What an answer is computed from and what it is, without the identity of the request. */
export type Answer = Pick<
  DecisionRecord,
  | 'action'
  | 'greedy'
  | 'size'
  | 'scores'
  | 'propensities'
  | 'contributions'
  | 'override'
  | 'mixture'
  | 'guardrail'
  | 'shadows'
  | 'stateHash'
  | 'policyVersion'
>;

/** Outcomes in a row between two that are compared with the state they say they led to; hashing one costs as much as learning it. */
const CHECK_EVERY = 64;

/**
 * The decider's state as a pure fold over the journal. The running service, a restart and a replay all go through
 * here, which is why they agree bit for bit. A correction takes the place of what it corrects: the fold goes back to
 * the nearest earlier state and comes forward again.
 */
export class DeciderFold {
  readonly #source: FoldSource;
  readonly #ledger = new Ledger();
  readonly #history = new StateHistory();
  #policies = new Policies();
  #agreement = new Agreement();
  #exploration: ExplorationPolicy = { rate: 0, seed: 0 };
  #stateHash: string;
  /** Whether the records were made by this kernel's arithmetic, so that their hashes must be met. */
  #sameArithmetic = true;

  constructor(source: FoldSource) {
    this.#source = source;
    this.#stateHash = this.#policies.champion.stateHash();
  }

  /** Hash of the policy in force. */
  get stateHash(): string {
    return this.#stateHash;
  }

  get policyVersion(): string {
    return this.#policies.champion.policyVersion;
  }

  get outcomes(): number {
    return this.#policies.champion.outcomes;
  }

  /** Whether outcomes are recorded without being learned. */
  get frozen(): boolean {
    return this.#ledger.frozen;
  }

  /** Whether outcomes were learned at that place in the journal. */
  frozenAt(seq: number): boolean {
    return this.#ledger.frozenAt(seq);
  }

  /** Every version of the policy so far, the one in force last. */
  get versions(): readonly PolicyVersion[] {
    return this.#ledger.versions;
  }

  /** The policies and how they do; not to be changed from outside. */
  get policies(): Readonly<Pick<Policies, 'challengers' | 'watch' | 'life'>> {
    return this.#policies;
  }

  experts(): ReturnType<Decider['experts']> {
    return this.#policies.champion.experts();
  }

  snapshot(): Uint8Array {
    return this.#policies.snapshot(this.#agreement);
  }

  /**
   * Continues from a checkpoint.
   * @param structural the records of `STRUCTURAL_KINDS` up to it, in order
   * @throws ServiceError FAILED_PRECONDITION for one of another version; DATA_LOSS when the state is not the one the
   *   checkpoint names
   */
  restore(checkpoint: Checkpoint, structural: Iterable<JournalRecord>): void {
    const { policies, agreement } = Policies.restore(checkpoint.state);
    const stateHash = policies.champion.stateHash();
    if (stateHash !== checkpoint.stateHash) {
      throw new ServiceError(
        'DATA_LOSS',
        `checkpoint ${checkpoint.seq}: the state's hash is not the recorded one`,
      );
    }
    this.#policies = policies;
    this.#agreement = agreement;
    this.#stateHash = stateHash;
    for (const record of structural) this.#ledger.note(record);
    this.#history.add(checkpoint);
    const configuration = this.#ledger.configurationAt(checkpoint.seq);
    if (configuration) this.#settle(configuration);
  }

  /** Whether the present records must be met bit for bit; not those of an earlier arithmetic. */
  get sameArithmetic(): boolean {
    return this.#sameArithmetic;
  }

  /** The answer to a tally at a place in the journal. Pure: the same state and tally give the same answer. */
  answer(tally: VoteTally, costs: Costs, seq: number): Answer {
    const { champion, challengers } = this.#policies;
    const votes = deciderVotes(tally);
    const costsBps = { roundTripBps: roundTripBps(costs) };
    const context = deciderContext(tally);
    const said = champion.decide(votes, costsBps, context);
    const explored = explore(said.action, this.#exploration, seq);
    const guarded = guard(explored.action, wantedSize(said, explored), tally.alerts);
    const expertOf = new Map(tally.votes.map((vote) => [slotOf(vote), vote.expert]));
    const forced = guarded.action !== explored.action;
    const shadows = challengers.map(({ name, decider }) => {
      const shadow = decider.decide(votes, costsBps, context);
      const { action, size } = guard(shadow.action, shadow.size, tally.alerts);
      return { name, action, size };
    });
    return {
      action: guarded.action,
      greedy: said.action,
      size: guarded.size,
      scores: said.scores,
      // A forced action leaves nothing to chance.
      propensities: forced ? { buy: 0, hold: 0, sell: 0, [guarded.action]: 1 } : explored.propensities,
      contributions: said.contributions.map(({ slot, buy, hold, sell }) => ({
        expert: expertOf.get(slot) ?? slot,
        buy,
        hold,
        sell,
      })),
      ...(guarded.override === undefined ? {} : { override: guarded.override }),
      mixture: said.mixture,
      guardrail: said.guardrail,
      ...(shadows.length === 0 ? {} : { shadows }),
      stateHash: this.#stateHash,
      policyVersion: champion.policyVersion,
    };
  }

  /** What the policy in force would say to a tally if an expert had not voted. */
  answerWithout(tally: VoteTally, costs: Costs, expert: string): DeciderAnswer {
    const votes = deciderVotes({ votes: tally.votes.filter((vote) => vote.expert !== expert) });
    return this.#policies.champion.decide(
      votes,
      { roundTripBps: roundTripBps(costs) },
      deciderContext(tally),
    );
  }

  /**
   * Learns the outcome that record `seq` tells, and returns the hash of the state it led to.
   * @throws ServiceError INVALID_ARGUMENT when the kernel refuses the numbers; the state is then unchanged
   */
  learn(decision: DecisionRecord, feedback: Omit<FeedbackRecord, 'stateHash'>, seq: number): string {
    this.#policies.learn(decision, feedback, seq);
    if (feedback.learned) {
      this.#stateHash = this.#policies.champion.stateHash();
      this.#history.step(seq, () => this.snapshot());
    }
    return this.#stateHash;
  }

  /** Puts an outcome in the place of an earlier one, and returns the hash of the state it led to. */
  correct(seq: number, correction: Omit<CorrectionRecord, 'stateHash'>): string {
    this.#history.forgetFrom(correction.place);
    this.#ledger.note({ seq, kind: 'correction', timeMs: 0, hash: '', body: correction });
    this.#policies = this.#stateAt(seq - 1);
    if (correction.compared) this.#agreement.observe(correction.compared);
    return this.#inForce();
  }

  /** Takes note of trades that were compared with what the market says. */
  compare(comparisons: readonly ModelComparison[]): void {
    for (const comparison of comparisons) this.#agreement.observe(comparison);
  }

  /** How far the counterfactual model is from what was realised. */
  get agreement(): AgreementStatus {
    return this.#agreement.status();
  }

  /** What the rules want done now, from the books alone; nothing while frozen. */
  due(): PolicyChange | undefined {
    return this.#ledger.frozen ? undefined : changeDue(this.#policies, this.#ledger.versions.length);
  }

  /** Rolls back, freezes or promotes; returns the record with where that leads. */
  change(
    change: PolicyChange,
    place: { readonly seq: number; readonly timeMs: number },
  ): RollbackRecord | PolicyRecord {
    this.#policies = this.#changed(this.#policies, change.kind, change.body, place.seq);
    const stateHash = this.#inForce();
    const body = { ...change.body, stateHash, policyVersion: this.policyVersion };
    this.#ledger.note({ ...place, kind: change.kind, hash: '', body });
    return body;
  }

  /**
   * Applies a record of the journal.
   * @throws ServiceError DATA_LOSS when a feedback has no decision or leads to another state than it says
   */
  apply(record: JournalRecord): void {
    if (record.kind === 'feedback') {
      const feedback = record.body as FeedbackRecord;
      this.#check(record, this.learn(this.#decisionOf(record.seq, feedback), feedback, record.seq));
    } else if (record.kind === 'correction') {
      this.#check(record, this.correct(record.seq, record.body as CorrectionRecord));
    } else if (record.kind === 'configuration') {
      this.#ledger.note(record);
      this.#policies = this.#configured(this.#policies, record);
      this.#settle(record.body as ConfigurationRecord);
      this.#inForce();
    } else if (record.kind === 'outcome') {
      this.compare((record.body as MarkRecord).compared);
    } else if (record.kind === 'rollback' || record.kind === 'policy') {
      const body = record.body as RollbackRecord | PolicyRecord;
      this.#policies = this.#changed(this.#policies, record.kind, body, record.seq);
      this.#ledger.note(record);
      this.#check(record, this.#inForce());
    }
  }

  /**
   * Applies records in order and returns how many there were. The states that a long row of outcomes says it led to are
   * compared now and then and at its end: once apart, states do not meet again.
   * @throws ServiceError DATA_LOSS as `apply`
   */
  applyAll(records: Iterable<JournalRecord>): number {
    let count = 0;
    let unchecked = 0;
    let last: JournalRecord | undefined;
    const check = (): void => {
      if (last) this.#check(last, this.#inForce());
      last = undefined;
      unchecked = 0;
    };
    for (const record of records) {
      count += 1;
      if (record.kind !== 'feedback') {
        check();
        this.apply(record);
        continue;
      }
      const feedback = record.body as FeedbackRecord;
      this.#policies.learn(this.#decisionOf(record.seq, feedback), feedback, record.seq);
      if (feedback.learned) this.#history.step(record.seq, () => this.snapshot());
      last = record;
      unchecked += 1;
      if (unchecked === CHECK_EVERY) check();
    }
    check();
    return count;
  }

  #inForce(): string {
    this.#stateHash = this.#policies.champion.stateHash();
    return this.#stateHash;
  }

  #settle(configuration: ConfigurationRecord): void {
    this.#exploration = configuration.exploration;
    this.#sameArithmetic = configuration.policyVersion === new Decider(configuration.decider).policyVersion;
  }

  /** A new configuration learns all that was known afresh: nothing is forgotten, and the fold stays pure. */
  #configured(policies: Policies, record: JournalRecord): Policies {
    const configuration = record.body as ConfigurationRecord;
    const before = this.#ledger.configurationAt(record.seq - 1);
    const learners: Decider[] = [];
    // A promoted champion stays in force while the operator's own wish is the same.
    if (!before || !isDeepStrictEqual(before.decider, configuration.decider)) {
      policies.champion = new Decider(configuration.decider);
      policies.restartBooks(record.seq);
      learners.push(policies.champion);
    }
    learners.push(...policies.seat(configuration.life ?? DEFAULT_LIFE).map(({ decider }) => decider));
    if (learners.length === 0) return policies;
    for (const { from, to } of this.#ledger.pathTo(record.seq - 1)) {
      for (const past of this.#source.feedback(from, to)) {
        const feedback = this.#ledger.inForce(past.seq, past.body as FeedbackRecord);
        const decision = this.#decisionOf(past.seq, feedback);
        for (const learner of learners) teach(learner, decision, feedback);
      }
    }
    return policies;
  }

  #changed(
    policies: Policies,
    kind: string,
    body: PolicyChange['body'] | RollbackRecord | PolicyRecord,
    seq: number,
  ): Policies {
    if (kind === 'rollback') {
      const past = this.#stateAt((body as RollbackRecord).toSeq);
      past.restartBooks(seq);
      return past;
    }
    const change = body as PolicyRecord;
    if (change.change === 'promotion') policies.promote(change.challenger, change.formerName, seq);
    return policies;
  }

  /** What the policies were after a record, with all corrections known now. */
  #stateAt(seq: number): Policies {
    const base = this.#nearest(seq);
    const policies = base ? Policies.restore(base.state).policies : new Policies();
    return this.#run(policies, base ? base.seq + 1 : 0, seq);
  }

  /** The newest state at or before a record that later corrections have not changed. */
  #nearest(seq: number): PastState | undefined {
    const remembered = this.#history.before(seq + 1);
    let stored = this.#source.checkpoint?.(seq);
    while (stored && stored.seq > (remembered?.seq ?? -1)) {
      if (this.#ledger.holds(stored) && isCurrent(stored)) return stored;
      stored = stored.seq === 0 ? undefined : this.#source.checkpoint?.(stored.seq - 1);
    }
    return remembered;
  }

  /** Comes forward over the records that count. */
  #run(start: Policies, from: number, to: number): Policies {
    let policies = start;
    let since = from;
    const outcomes = (until: number): void => {
      if (until < since) return;
      for (const record of this.#source.feedback(Math.max(1, since), until)) {
        const feedback = this.#ledger.inForce(record.seq, record.body as FeedbackRecord);
        policies.learn(this.#decisionOf(record.seq, feedback), feedback, record.seq);
        this.#history.step(record.seq, () => policies.snapshot(this.#agreement));
      }
    };
    for (const record of this.#ledger.structural(from, to)) {
      outcomes(record.seq - 1);
      since = record.seq + 1;
      policies =
        record.kind === 'configuration'
          ? this.#configured(policies, record)
          : this.#changed(policies, record.kind, record.body as RollbackRecord | PolicyRecord, record.seq);
    }
    outcomes(to);
    return policies;
  }

  #decisionOf(seq: number, { decisionId }: Pick<FeedbackRecord, 'decisionId'>): DecisionRecord {
    const decision = this.#source.decision(decisionId);
    if (decision) return decision;
    throw new ServiceError('DATA_LOSS', `journal record ${seq}: feedback for a decision that is not there`);
  }

  #check(record: JournalRecord, stateHash: string): void {
    const recorded = (record.body as { readonly stateHash: string }).stateHash;
    if (!this.#sameArithmetic || stateHash === recorded) return;
    throw new ServiceError(
      'DATA_LOSS',
      `journal record ${record.seq}: applying it gives state ${stateHash}, the record says ${recorded}`,
    );
  }
}

/** What exploration picked is a full position: its propensity is what is to be learned from. */
function wantedSize(said: DeciderAnswer, { action }: Explored): number {
  if (action === (said.action satisfies Action)) return said.size;
  return action === 'hold' ? 0 : 1;
}

/** Whether a stored state can be read by this version. */
function isCurrent(stored: Checkpoint): boolean {
  try {
    Policies.restore(stored.state);
    return true;
  } catch (thrown) {
    if (ServiceError.from(thrown).code === 'FAILED_PRECONDITION') return false;
    throw thrown;
  }
}

import { Decider, type DeciderVote } from '../../fastcalc/index.js';
import { ServiceError } from '../../runtime/index.js';
import { type Action, type Costs, roundTripBps, slotOf, type VoteTally } from '../dto/index.js';
import type { Checkpoint, JournalRecord } from '../journal/index.js';
import { explore } from './exploration.js';
import { guard } from './guard.js';
import type { ConfigurationRecord, DecisionRecord, ExplorationPolicy, FeedbackRecord } from './records.js';

/** Where the fold looks up what an earlier record said. */
export interface FoldSource {
  /** The decision with that id, if it was ever given. */
  decision(decisionId: string): DecisionRecord | undefined;
  /** All feedback before a place in the journal, in order. */
  feedbackBefore(seq: number): Iterable<JournalRecord>;
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
  | 'stateHash'
  | 'policyVersion'
>;

/** The votes with a say, as the kernel takes them. */
export function deciderVotes(tally: Pick<VoteTally, 'votes'>): DeciderVote[] {
  return tally.votes.map((vote) => ({ slot: slotOf(vote), probabilities: vote.probabilities }));
}

/**
 * The decider's state as a pure fold over the journal. The running service, a restart and a replay all go through
 * here, which is why they agree bit for bit.
 */
export class DeciderFold {
  readonly #source: FoldSource;
  #decider: Decider;
  #exploration: ExplorationPolicy = { rate: 0, seed: 0 };
  #stateHash: string;
  /** Whether the records were made by this kernel's arithmetic, so that their hashes must be met. */
  #sameArithmetic = true;

  constructor(source: FoldSource) {
    this.#source = source;
    this.#decider = new Decider();
    this.#stateHash = this.#decider.stateHash();
  }

  get stateHash(): string {
    return this.#stateHash;
  }

  get policyVersion(): string {
    return this.#decider.policyVersion;
  }

  get outcomes(): number {
    return this.#decider.outcomes;
  }

  experts(): ReturnType<Decider['experts']> {
    return this.#decider.experts();
  }

  snapshot(): Uint8Array {
    return this.#decider.snapshot();
  }

  /**
   * Continues from a checkpoint. `configuration` is the last one before it.
   * @throws ServiceError DATA_LOSS when the state is not the one the checkpoint names
   */
  restore(checkpoint: Checkpoint, configuration: ConfigurationRecord | undefined): void {
    const decider = Decider.restore(checkpoint.state);
    const stateHash = decider.stateHash();
    if (stateHash !== checkpoint.stateHash) {
      throw new ServiceError(
        'DATA_LOSS',
        `checkpoint ${checkpoint.seq}: the state's hash is not the recorded one`,
      );
    }
    this.#decider = decider;
    this.#stateHash = stateHash;
    if (!configuration) return;
    this.#exploration = configuration.exploration;
    this.#sameArithmetic = configuration.policyVersion === decider.policyVersion;
  }

  /** Whether the present records must be met bit for bit; not those of an earlier arithmetic. */
  get sameArithmetic(): boolean {
    return this.#sameArithmetic;
  }

  /** The answer to a tally at a place in the journal. Pure: the same state and tally give the same answer. */
  answer(tally: VoteTally, costs: Costs, seq: number): Answer {
    const votes = deciderVotes(tally);
    const {
      action: greedy,
      size,
      scores,
      contributions,
    } = this.#decider.decide(votes, { roundTripBps: roundTripBps(costs) });
    const explored = explore(greedy, this.#exploration, seq);
    // What exploration picked is a full position: its propensity is what is to be learned from.
    const wantedSize = explored.action === greedy ? size : explored.action === 'hold' ? 0 : 1;
    const guarded = guard(explored.action, wantedSize, tally.alerts);
    const expertOf = new Map(tally.votes.map((vote) => [slotOf(vote), vote.expert]));
    const forced = guarded.action !== explored.action;
    return {
      action: guarded.action,
      greedy,
      size: guarded.size,
      scores,
      // A forced action leaves nothing to chance.
      propensities: forced ? { buy: 0, hold: 0, sell: 0, [guarded.action]: 1 } : explored.propensities,
      contributions: contributions.map(({ slot, buy, hold, sell }) => ({
        expert: expertOf.get(slot) ?? slot,
        buy,
        hold,
        sell,
      })),
      ...(guarded.override === undefined ? {} : { override: guarded.override }),
      stateHash: this.#stateHash,
      policyVersion: this.#decider.policyVersion,
    };
  }

  /**
   * Learns one outcome and returns the hash of the state it led to.
   * @throws ServiceError INVALID_ARGUMENT when the kernel refuses the numbers; the state is then unchanged
   */
  learn(decision: DecisionRecord, feedback: Omit<FeedbackRecord, 'stateHash'>): string {
    if (feedback.learned) {
      this.#decider.learn(
        deciderVotes(decision.tally),
        { roundTripBps: roundTripBps(decision.costs) },
        rewardOf(feedback),
      );
      this.#stateHash = this.#decider.stateHash();
    }
    return this.#stateHash;
  }

  /**
   * Applies a record of the journal.
   * @throws ServiceError DATA_LOSS when a feedback has no decision or leads to another state than it says
   */
  apply(record: JournalRecord): void {
    if (record.kind === 'configuration') this.#configure(record.body as ConfigurationRecord, record.seq);
    else if (record.kind === 'feedback') this.#relearn(record, this.#sameArithmetic);
  }

  /** A new configuration learns all that was known afresh: nothing is forgotten, and the fold stays pure. */
  #configure(configuration: ConfigurationRecord, seq: number): void {
    this.#decider = new Decider(configuration.decider);
    this.#exploration = configuration.exploration;
    this.#sameArithmetic = configuration.policyVersion === this.#decider.policyVersion;
    this.#stateHash = this.#decider.stateHash();
    for (const record of this.#source.feedbackBefore(seq)) this.#relearn(record, false);
  }

  #relearn(record: JournalRecord, check: boolean): void {
    const feedback = record.body as FeedbackRecord;
    const decision = this.#source.decision(feedback.decisionId);
    if (!decision) {
      throw new ServiceError(
        'DATA_LOSS',
        `journal record ${record.seq}: feedback for a decision that is not there`,
      );
    }
    const stateHash = this.learn(decision, feedback);
    if (check && stateHash !== feedback.stateHash) {
      throw new ServiceError(
        'DATA_LOSS',
        `journal record ${record.seq}: learning it gives state ${stateHash}, the record says ${feedback.stateHash}`,
      );
    }
  }
}

type Reward = Parameters<Decider['learn']>[2];

function rewardOf(feedback: Omit<FeedbackRecord, 'stateHash'>): Reward {
  if (feedback.feedbackKind === 'full' && feedback.rewardsBps) return { rewardsBps: feedback.rewardsBps };
  const action: Action = feedback.takenAction;
  return { action, rewardBps: feedback.realisedBps };
}

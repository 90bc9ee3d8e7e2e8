import type { DeciderConfig } from '../../fastcalc/index.js';
import type { Action, Costs, Decision, TradeFeedback } from '../dto/index.js';

/**
 * What the journal holds of the decider. Its state is a fold over these and nothing else, so whatever an answer
 * depends on must be in one of them.
 */

/** `configuration`: how the decider is set from here on. */
export interface ConfigurationRecord {
  /** Name of the arithmetic and its settings. Under another one the outcomes before it lead to other states. */
  readonly policyVersion: string;
  readonly decider: DeciderConfig;
  readonly exploration: ExplorationPolicy;
}

/** With probability `rate` an action is drawn uniformly, so that logged decisions can judge other policies. */
export interface ExplorationPolicy {
  /** 0..1 */
  readonly rate: number;
  readonly seed: number;
}

/** `decision`: the answer as given, less its place in the journal, which is the record's own. */
export interface DecisionRecord extends Omit<Decision, 'seq'> {
  /** What trading was taken to cost: the question's word, or the service's default at the time. */
  readonly costs: Costs;
  /** What the decider alone would have done, before exploration and override. */
  readonly greedy: Action;
}

/** `feedback`: an outcome, and the state it led to. */
export interface FeedbackRecord extends Omit<TradeFeedback, 'seq' | 'learned' | 'stateHash'> {
  readonly takenAction: Action;
  readonly learned: boolean;
  /** Hash of the decider's state after it. */
  readonly stateHash: string;
}

import type { DeciderConfig } from '../../fastcalc/index.js';
import type {
  Action,
  Costs,
  Decision,
  PolicyComponent,
  ShadowDecision,
  TradeFeedback,
} from '../dto/index.js';
import type { LifeSettings } from './life-settings.js';

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
  /** Challengers, promotion, rollback. Absent in journals of before they were there. */
  readonly life?: LifeSettings;
}

/** With probability `rate` an action is drawn uniformly, so that logged decisions can judge other policies. */
export interface ExplorationPolicy {
  /** 0..1 */
  readonly rate: number;
  readonly seed: number;
}

/** `decision`: the answer as given, less its place in the journal, which is the record's own. */
export interface DecisionRecord extends Omit<Decision, 'seq'> {
  /** Weights of the mixture's components. Absent in journals of before they were recorded, as the next two. */
  readonly mixture?: readonly PolicyComponent[];
  /** Share of the learned mixture against plurality in the guardrail, 0..1. */
  readonly guardrail?: number;
  /** What each challenger would have done. */
  readonly shadows?: readonly ShadowDecision[];
  /** What trading was taken to cost: the question's word, or the service's default at the time. */
  readonly costs: Costs;
  /** What the decider alone would have done, before exploration and override. */
  readonly greedy: Action;
}

/** `feedback`: an outcome, and the state it led to. */
export interface FeedbackRecord extends Omit<TradeFeedback, 'seq' | 'learned' | 'stateHash' | 'corrects'> {
  readonly takenAction: Action;
  readonly learned: boolean;
  /** Hash of the decider's state after it. */
  readonly stateHash: string;
}

/**
 * `correction`: an outcome that stands in the place of an earlier one. The state after it is the one that the same
 * journal would have led to, had the outcome been this one from the start.
 */
export interface CorrectionRecord extends FeedbackRecord {
  /** The record that was in force until now. */
  readonly corrects: number;
  /** The decision's first outcome, whose place in the order of outcomes this one takes. */
  readonly place: number;
  /** The marked outcome beside the realised one, where this takes the place of a mark. */
  readonly compared?: ModelComparison;
}

/** `rollback`: the policy is again what it was after record `toSeq`; outcomes learned since are forgotten. */
export interface RollbackRecord {
  readonly toSeq: number;
  readonly reason: string;
  /** `drawdown` or `drift` when the service did it by its own rule. */
  readonly cause: 'operator' | 'drawdown' | 'drift';
  readonly stateHash: string;
  readonly policyVersion: string;
}

/** `policy`: any other change of the policy in force. */
export type PolicyRecord = PolicyFreezeRecord | PolicyPromotionRecord;

export interface PolicyFreezeRecord {
  readonly change: 'freeze';
  readonly frozen: boolean;
  readonly reason: string;
  readonly stateHash: string;
  readonly policyVersion: string;
}

export interface PolicyPromotionRecord {
  readonly change: 'promotion';
  /** The challenger that decides from here on; the former champion takes its place under `formerName`. */
  readonly challenger: string;
  readonly formerName: string;
  readonly reason: string;
  readonly stateHash: string;
  readonly policyVersion: string;
}

/** A decision whose outcome is known from the market and from the fills. */
export interface ModelComparison {
  readonly decisionId: string;
  /** What the counterfactual model says the action taken earned, from the market's prices. */
  readonly modelBps: number;
  /** What it really earned. */
  readonly realisedBps: number;
}

/** `outcome`: one run of `post_trade.mark`, after the outcomes it made. */
export interface MarkRecord {
  readonly symbol: string;
  readonly marked: readonly string[];
  readonly open: number;
  readonly compared: readonly ModelComparison[];
}

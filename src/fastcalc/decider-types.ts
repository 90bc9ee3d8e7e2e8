/** What the committee can do. */
export type DeciderAction = 'buy' | 'hold' | 'sell';

/** One number per action. */
export interface PerAction {
  readonly buy: number;
  readonly hold: number;
  readonly sell: number;
}

/** One expert's opinion on one decision. Its hard vote is the most probable action; ties are hold. */
export interface DeciderVote {
  /** `expertId@major`: 1 to 128 characters, no control characters. */
  readonly slot: string;
  /** Each 0 to 1; they sum to 1 within 1e-6. */
  readonly probabilities: PerAction;
}

/**
 * The circumstances of a decision, as labels of 1 to 64 characters without control characters. Experts may be right in
 * one regime and wrong in another; what is known of the present one counts as far as the outcomes bear it out.
 */
export interface DeciderContext {
  /** The regime's label, for example `bull_trend`. */
  readonly regime?: string | undefined;
  /** How severe the worst alert is, for example `warning`. */
  readonly anomaly?: string | undefined;
}

/** What trading costs. */
export interface DeciderCosts {
  /** Fees, spread and slippage of opening and closing, in basis points, 0 to 1e6. */
  readonly roundTripBps: number;
}

/**
 * What came of a decision, in basis points net of costs, each within ±1e6: every action's reward,
 * or only that of the action taken.
 */
export type DeciderFeedback =
  | { readonly rewardsBps: PerAction }
  | { readonly action: DeciderAction; readonly rewardBps: number };

/** What one vote added to the scores, in basis points. */
export interface DeciderContribution extends PerAction {
  readonly slot: string;
}

/** Weight of one component of the mixture. */
export interface DeciderComponent {
  /** `plurality`, `naive-bayes`, `realised-best`, `ridge-<discount>` or `edge-weighted`. */
  readonly component: string;
  readonly weight: number;
}

/** The decider's answer. */
export interface DeciderAnswer {
  /**
   * The action with the strictly highest score, hold when there is a tie; plurality's where the guardrail gives
   * plurality the greater say.
   */
  readonly action: DeciderAction;
  /** Fraction of a full position, 0..1: 0 for hold, 1 where plurality agrees, else by the say of the two. */
  readonly size: number;
  /** Share of the learned mixture against plurality in the guardrail, 0..1; 0 on probation. */
  readonly guardrail: number;
  /**
   * Expected basis points, net of costs, by the learned mixture even while plurality acts. Until rewards of about ten trades are known they follow
   * plurality alone: `priorMoveBps` times the lead over hold, costs left out.
   */
  readonly scores: PerAction;
  /** Probability that each action is the right one. */
  readonly probabilities: PerAction;
  /** In the order of the votes; they add up to `scores` within 1e-9. */
  readonly contributions: readonly DeciderContribution[];
  /** What the plain plurality vote says; any tie for the first place is hold. */
  readonly plurality: DeciderAction;
  readonly mixture: readonly DeciderComponent[];
}

/** What is known of one expert. */
export interface DeciderExpert {
  readonly slot: string;
  /** Share of say (mutual information of its votes and the right action), summing to 1 over all. */
  readonly weight: number;
  /** Whether it voted on the latest outcome. */
  readonly awake: boolean;
  /** Outcomes it voted on. */
  readonly outcomes: number;
  /** Of these, how often no other action would have earned more net of costs, as far as that is known. */
  readonly hits: number;
  /** Discounted share of its votes, among those that can be judged, that were right in that sense, 0 to 1. */
  readonly hitRate: number;
}

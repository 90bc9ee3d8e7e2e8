import { ACTIONS, type Action, type ByAction } from '../dto/index.js';
import { automaticLag, type MeanInterval, meanInterval } from './mean-interval.js';

/** One logged decision with its outcome, and what the judged policy would have done. Rewards in basis points. */
export interface LoggedReward {
  readonly action: Action;
  readonly rewardBps: number;
  /** Of every action under the policy that acted. */
  readonly logged: ByAction;
  /** Of every action under the policy to be judged. */
  readonly target: ByAction;
  /** What each action was expected to earn before the outcome was known; makes the doubly robust estimate sharper. */
  readonly expectedBps: ByAction;
  /** What each action would have earned, where that is known. */
  readonly rewardsBps?: ByAction | undefined;
}

/** What a policy earns a decision, basis points at full size, 95 % interval. */
export interface PolicyValue extends MeanInterval {
  /** The judged policy's less the acting one's, from the same decisions. */
  readonly difference: MeanInterval;
}

export interface OffPolicyReport {
  /** Decisions judged. */
  readonly count: number;
  /** Mean reward of the policy that acted. */
  readonly acting: MeanInterval;
  /** Inverse propensity scoring (Horvitz & Thompson 1952): unbiased where every action had a chance. */
  readonly ips: PolicyValue;
  /** Self-normalised (Hájek 1971; Swaminathan & Joachims 2015): a little bias for much less variance. */
  readonly snips: PolicyValue;
  /** Doubly robust (Dudík, Langford & Li 2011): the expectation, corrected by what was observed. */
  readonly dr: PolicyValue;
  /** From the payoffs of all actions, no weights: only where every outcome has them. */
  readonly full?: PolicyValue;
  /** (Σ w)² / Σ w² (Kish 1965): how many decisions of its own the log is worth to the judged policy. */
  readonly effectiveSampleSize: number;
  readonly largestWeight: number;
  /**
   * Mean probability with which the judged policy takes actions the acting one never takes. Above 0, `ips` and
   * `snips` say nothing about those, and `dr` only what was expected.
   */
  readonly unsupported: number;
}

/**
 * What a policy would have earned, from the log of another (contextual bandit, one step a decision). The judged
 * policy may have learned from the log, as long as `target` and `expectedBps` of a decision use only what was known
 * before it: then each term is right on average given the past, and the intervals hold as those of a martingale.
 *
 * @param lag of the intervals; by default a rule on the number of decisions
 */
export function evaluateOffPolicy(
  rewards: readonly LoggedReward[],
  lag = automaticLag(rewards.length),
): OffPolicyReport {
  const count = rewards.length;
  const weights = Float64Array.from(rewards, weightOf);
  const earned = Float64Array.from(rewards, ({ rewardBps }) => rewardBps);
  const ips = Float64Array.from(rewards, ({ rewardBps }, i) => (weights[i] ?? 0) * rewardBps);
  const dr = Float64Array.from(
    rewards,
    (each, i) =>
      mean(each.target, each.expectedBps) +
      (weights[i] ?? 0) * (each.rewardBps - each.expectedBps[each.action]),
  );
  const full = fullTerms(rewards);
  return {
    count,
    acting: meanInterval(earned, lag),
    ips: policyValue(ips, earned, lag),
    snips: policyValue(selfNormalised(ips, weights), earned, lag),
    dr: policyValue(dr, earned, lag),
    ...(full === undefined ? {} : { full: policyValue(full, earned, lag) }),
    effectiveSampleSize: effective(weights),
    largestWeight: weights.reduce((a, b) => Math.max(a, b), 0),
    unsupported: rewards.reduce((sum, each) => sum + unsupportedBy(each), 0) / count,
  };
}

function weightOf({ action, logged, target }: LoggedReward): number {
  return logged[action] > 0 ? target[action] / logged[action] : 0;
}

function mean(probabilities: ByAction, amounts: ByAction): number {
  return ACTIONS.reduce((sum, action) => sum + probabilities[action] * amounts[action], 0);
}

function unsupportedBy({ logged, target }: LoggedReward): number {
  return ACTIONS.reduce((sum, action) => sum + (logged[action] > 0 ? 0 : target[action]), 0);
}

function fullTerms(rewards: readonly LoggedReward[]): Float64Array | undefined {
  const terms = new Float64Array(rewards.length);
  for (const [i, { target, rewardsBps }] of rewards.entries()) {
    if (!rewardsBps) return undefined;
    terms[i] = mean(target, rewardsBps);
  }
  return terms;
}

/** Terms whose mean is Σ w r / Σ w and whose spread is that of the ratio (its linearisation). */
function selfNormalised(ips: Float64Array, weights: Float64Array): Float64Array {
  const total = weights.reduce((a, b) => a + b, 0);
  if (!(total > 0)) return new Float64Array(ips.length).fill(Number.NaN);
  const ratio = ips.reduce((a, b) => a + b, 0) / total;
  const meanWeight = total / weights.length;
  return ips.map((term, i) => ratio + (term - (weights[i] ?? 0) * ratio) / meanWeight);
}

function policyValue(terms: Float64Array, earned: Float64Array, lag: number): PolicyValue {
  return {
    ...meanInterval(terms, lag),
    difference: meanInterval(
      terms.map((term, i) => term - (earned[i] ?? 0)),
      lag,
    ),
  };
}

function effective(weights: Float64Array): number {
  let sum = 0;
  let squares = 0;
  for (const weight of weights) {
    sum += weight;
    squares += weight * weight;
  }
  return squares > 0 ? (sum * sum) / squares : 0;
}

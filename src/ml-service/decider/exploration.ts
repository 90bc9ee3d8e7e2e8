import { invalidArgument, SeededRng } from '../../runtime/index.js';
import { ACTIONS, type Action, type ByAction } from '../dto/index.js';
import type { ExplorationPolicy } from './records.js';

export interface Explored {
  readonly action: Action;
  /** Probability with which the policy takes each action here. */
  readonly propensities: ByAction;
}

/** @throws ServiceError INVALID_ARGUMENT when the rate is not a probability */
export function checkExploration(policy: ExplorationPolicy): ExplorationPolicy {
  if (!(policy.rate >= 0 && policy.rate <= 1))
    throw invalidArgument('exploration.rate', policy.rate, '0 to 1');
  return policy;
}

/**
 * Epsilon-greedy: the best action, or with probability `rate` any of the three. The draw depends on the seed and
 * the decision's place in the journal alone, so that a replay draws the same.
 */
export function explore(greedy: Action, policy: ExplorationPolicy, seq: number): Explored {
  const each = policy.rate / ACTIONS.length;
  const propensities: ByAction = { buy: each, hold: each, sell: each };
  propensities[greedy] = 1 - each * (ACTIONS.length - 1);
  if (policy.rate === 0) return { action: greedy, propensities };
  let left = new SeededRng(policy.seed).fork(`decision ${seq}`).uniform();
  for (const action of ACTIONS) {
    left -= propensities[action];
    if (left < 0) return { action, propensities };
  }
  return { action: greedy, propensities };
}

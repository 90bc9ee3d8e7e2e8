import type { Action, RewardsBps } from '../dto/index.js';
import type { DecisionRecord } from './records.js';

/** What of a decision tells what the policy itself did. */
export type Choice = Pick<DecisionRecord, 'action' | 'greedy' | 'size' | 'override'>;

/** The champion's own choice: exploration is not its doing, an override is what any policy would have met. */
function champion(decision: Choice): { action: Action; size: number } {
  if (decision.override) return decision;
  const explored = decision.action !== decision.greedy;
  return { action: decision.greedy, size: explored ? 1 : decision.size };
}

/** What the policy in force earned with its decision, basis points of the usual position. */
export function championEarned(decision: Choice, rewards: RewardsBps): number {
  const { action, size } = champion(decision);
  return action === 'hold' ? rewards.hold : size * rewards[action];
}

/** What the plain plurality vote would have earned, under the same hard rule. */
export function pluralityEarned(decision: DecisionRecord, rewards: RewardsBps): number {
  const { override, tally, size } = decision;
  if (override && decision.action === 'hold') return rewards.hold;
  const { plurality } = tally;
  return plurality === 'hold' ? rewards.hold : (override ? size : 1) * rewards[plurality];
}

/** What a challenger would have earned; undefined where it was not asked. */
export function shadowEarned(
  decision: DecisionRecord,
  name: string,
  rewards: RewardsBps,
): number | undefined {
  const shadow = decision.shadows?.find((other) => other.name === name);
  if (!shadow) return undefined;
  return shadow.action === 'hold' ? rewards.hold : shadow.size * rewards[shadow.action];
}

import type { Policies } from './policies.js';
import type { PolicyRecord, RollbackRecord } from './records.js';

type WithoutOutcome<T> = T extends unknown ? Omit<T, 'stateHash' | 'policyVersion'> : never;

/** What a rollback, a freeze or a promotion says before it is known where it leads. */
export type PolicyChange =
  | { readonly kind: 'rollback'; readonly body: WithoutOutcome<RollbackRecord> }
  | { readonly kind: 'policy'; readonly body: WithoutOutcome<PolicyRecord> };

/**
 * What the rules of {@link LifeSettings} want done, from the books of the policies alone: first back from a fall, then
 * the promotion of a challenger whose confidence sequence lies above zero.
 * @param version of the policy in force
 */
export function changeDue(policies: Policies, version: number): PolicyChange | undefined {
  const { life, watch, challengers } = policies;
  const { drawdownBps, onDrift } = life.rollback;
  if (drawdownBps > 0 && watch.drawdownBps >= drawdownBps) {
    const reason = `the lead over plurality fell by ${watch.drawdownBps.toFixed(1)} bps from its peak`;
    return { kind: 'rollback', body: { toSeq: watch.peakSeq, cause: 'drawdown', reason } };
  }
  if (onDrift && watch.drift) {
    const { detector, changeSeq } = watch.drift;
    const reason = `${detector} found the lead over plurality falling since record ${changeSeq}`;
    return { kind: 'rollback', body: { toSeq: changeSeq, cause: 'drift', reason } };
  }
  if (!life.promotion.automatic) return undefined;
  const best = challengers.find(({ contest }) => contest.interval().low > 0);
  if (!best) return undefined;
  const { low, high } = best.contest.interval();
  const reason =
    `${best.name} earned between ${low.toFixed(3)} and ${high.toFixed(3)} bps more a decision ` +
    `over ${best.contest.count} decisions`;
  const body = {
    change: 'promotion' as const,
    challenger: best.name,
    formerName: `version-${version}`,
    reason,
  };
  return { kind: 'policy', body };
}

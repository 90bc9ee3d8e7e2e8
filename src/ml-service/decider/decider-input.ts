import type { DeciderContext, DeciderFeedback, DeciderVote } from '../../fastcalc/index.js';
import { SEVERITIES, slotOf, type VoteTally } from '../dto/index.js';
import type { FeedbackRecord } from './records.js';

/** The expert whose label names the regime. */
export const REGIME_EXPERT = 'regime';

/** The votes with a say, as the kernel takes them. */
export function deciderVotes(tally: Pick<VoteTally, 'votes'>): DeciderVote[] {
  return tally.votes.map((vote) => ({ slot: slotOf(vote), probabilities: vote.probabilities }));
}

/** What the kernel takes for a label. */
const LABEL = /^[^\p{Cc}\p{Cs}\uFFFD]{1,64}$/u;

/**
 * What the tally says of the circumstances: the regime expert's label, and the worst severity among the alerts, `none`
 * without any. A label that the kernel would not take is left out.
 */
export function deciderContext(tally: Pick<VoteTally, 'votes' | 'alerts'>): DeciderContext {
  const regime = tally.votes.find(({ expert }) => expert === REGIME_EXPERT)?.label;
  const worst = SEVERITIES.findLast((severity) => tally.alerts.some((alert) => alert.severity === severity));
  return {
    ...(regime !== undefined && LABEL.test(regime) ? { regime } : {}),
    anomaly: worst ?? 'none',
  };
}

/** The outcome as the kernel takes it. */
export function rewardOf(feedback: Omit<FeedbackRecord, 'stateHash'>): DeciderFeedback {
  if (feedback.feedbackKind === 'full' && feedback.rewardsBps) return { rewardsBps: feedback.rewardsBps };
  return { action: feedback.takenAction, rewardBps: feedback.realisedBps };
}

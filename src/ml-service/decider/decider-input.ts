import type { DeciderFeedback, DeciderVote } from '../../fastcalc/index.js';
import { slotOf, type VoteTally } from '../dto/index.js';
import type { FeedbackRecord } from './records.js';

/** The votes with a say, as the kernel takes them. */
export function deciderVotes(tally: Pick<VoteTally, 'votes'>): DeciderVote[] {
  return tally.votes.map((vote) => ({ slot: slotOf(vote), probabilities: vote.probabilities }));
}

/** The outcome as the kernel takes it. */
export function rewardOf(feedback: Omit<FeedbackRecord, 'stateHash'>): DeciderFeedback {
  if (feedback.feedbackKind === 'full' && feedback.rewardsBps) return { rewardsBps: feedback.rewardsBps };
  return { action: feedback.takenAction, rewardBps: feedback.realisedBps };
}

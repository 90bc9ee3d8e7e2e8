import { ServiceError } from '../../runtime/index.js';
import {
  ACTIONS,
  type Action,
  Explanation,
  roundTripBps,
  type TradeFeedback,
  topAction,
} from '../dto/index.js';
import type { Journal } from '../journal/index.js';
import type { DecisionRecord, FeedbackRecord } from './records.js';

function bps(amount: number): string {
  return `${amount >= 0 ? '+' : ''}${amount.toFixed(2)} bps`;
}

function votesInWords({ tally }: DecisionRecord): string {
  const { counts, votes, abstentions, plurality } = tally;
  if (votes.length === 0) return 'No expert had an opinion, so there was no reason to trade.';
  const absent = abstentions.length > 0 ? `, ${abstentions.length} without a say` : '';
  return (
    `${votes.length} votes: ${counts.buy} buy, ${counts.hold} hold, ${counts.sell} sell${absent}; ` +
    `the plurality is ${plurality}.`
  );
}

function contributionInWords(decision: DecisionRecord): string[] {
  const lead: Action =
    decision.greedy === 'hold'
      ? decision.scores.buy >= decision.scores.sell
        ? 'buy'
        : 'sell'
      : decision.greedy;
  const ranked = [...decision.contributions].sort((a, b) => Math.abs(b[lead]) - Math.abs(a[lead]));
  return ranked.map((part) => {
    const vote = decision.tally.votes.find(({ expert }) => expert === part.expert);
    const said = vote ? ` (said ${vote.label}, confidence ${vote.confidence.toFixed(2)})` : '';
    return `${part.expert}${said} moved the score of ${lead} by ${bps(part[lead])}.`;
  });
}

function whyNot(decision: DecisionRecord): string {
  const { scores, greedy } = decision;
  const costsBps = roundTripBps(decision.costs);
  const best = topAction(scores);
  if (best !== greedy) {
    return (
      `The learned scores favoured ${best} (${bps(scores[best])} against ${bps(scores[greedy])}) but have not earned ` +
      `the greater say yet, so the plurality's ${greedy} was followed.`
    );
  }
  if (greedy !== 'hold') {
    return `${greedy} was expected to earn ${bps(scores[greedy])} after ${costsBps.toFixed(2)} bps of costs, more than the other actions.`;
  }
  return (
    `Neither side was expected to earn its costs of ${costsBps.toFixed(2)} bps: ` +
    `buy ${bps(scores.buy)}, sell ${bps(scores.sell)}, hold ${bps(scores.hold)}.`
  );
}

function outcomeInWords(outcome: FeedbackRecord | undefined): string {
  if (!outcome) return 'No outcome was reported yet.';
  const earned = `${outcome.takenAction} earned ${bps(outcome.realisedBps)} after costs`;
  const rewards = outcome.rewardsBps;
  const others = rewards
    ? `; ${ACTIONS.map((action) => `${action} ${bps(rewards[action])}`).join(', ')} were to be had`
    : '';
  return `${earned}${others}.${outcome.learned ? '' : ' Nothing was learned from it.'}`;
}

/** Why a decision was what it was, and what came of it, one sentence each. */
export function reasonsFor(decision: DecisionRecord, outcome: FeedbackRecord | undefined): string[] {
  const reasons = [votesInWords(decision)];
  for (const { expert, reason } of decision.tally.abstentions)
    reasons.push(`${expert} had no say: ${reason}.`);
  reasons.push(...contributionInWords(decision), whyNot(decision));
  const drawn = decision.override?.action ?? decision.action;
  if (drawn !== decision.greedy)
    reasons.push(`${drawn} was drawn to explore, instead of ${decision.greedy}.`);
  if (decision.override) {
    const { rule, reason, action } = decision.override;
    reasons.push(
      `Rule ${rule} set ${decision.action} at size ${decision.size} where ${action} was wanted: ${reason}.`,
    );
  }
  reasons.push(outcomeInWords(outcome));
  return reasons;
}

/**
 * A decision of the journal with its outcome and the reasons in words.
 * @throws ServiceError NOT_FOUND for a decision that is not in it
 */
export function explanationOf(journal: Pick<Journal, 'findBySubject'>, decisionId: string): Explanation {
  const found = journal.findBySubject('decision', decisionId);
  if (!found) {
    throw new ServiceError('NOT_FOUND', `decisionId: no decision "${decisionId}" was given by this service`, {
      field: 'decisionId',
    });
  }
  const decision = found.body as DecisionRecord;
  const feedback = journal.findBySubject('feedback', decisionId);
  const outcome = feedback?.body as FeedbackRecord | undefined;
  const { costs: _costs, greedy: _greedy, ...said } = decision;
  return Object.assign(new Explanation(), said, {
    seq: found.seq,
    ...(feedback && outcome ? { outcome: { ...outcome, seq: feedback.seq } satisfies TradeFeedback } : {}),
    reasons: reasonsFor(decision, outcome),
  });
}

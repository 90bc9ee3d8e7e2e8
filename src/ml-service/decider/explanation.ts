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
import { correctedOutcomesOf, type OutcomeInForce, outcomeOf } from './outcomes-of.js';
import type { DecisionRecord, FeedbackRecord } from './records.js';

function bps(amount: number): string {
  return `${amount >= 0 ? '+' : ''}${amount.toFixed(2)} bps`;
}

/** Components with less say are not named; all of them are in `mixture`. */
const LEAST_SHOWN_WEIGHT = 0.005;

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
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

/** What each component was heard for, the weightiest first. */
function mixtureInWords({ mixture, guardrail }: DecisionRecord): string[] {
  if (!mixture || guardrail === undefined) return [];
  const heard = mixture
    .filter(({ weight }) => weight >= LEAST_SHOWN_WEIGHT)
    .sort((a, b) => b.weight - a.weight)
    .map(({ component, weight }) => `${component} ${percent(weight)}`);
  const mixed = `The scores mix ${heard.join(', ')}.`;
  if (guardrail === 0) return [mixed, 'The mixture is on probation: the plurality decides.'];
  return [
    mixed,
    `The guardrail gave the mixture ${percent(guardrail)} of the say and the plurality ${percent(1 - guardrail)}.`,
  ];
}

/** The say of the guardrail, where what was done is not what the scores favour. */
function guardrailInWords(decision: DecisionRecord): string[] {
  const { scores, greedy } = decision;
  const best = topAction(scores);
  if (best === greedy) return [];
  return [
    `The learned scores favoured ${best} (${bps(scores[best])} against ${bps(scores[greedy])}) but have not earned ` +
      `the greater say yet, so the plurality's ${greedy} was followed.`,
  ];
}

/** For a trade, what it was expected to earn more than the others; for a hold, why neither side. */
function whyNot(decision: DecisionRecord): string[] {
  const { scores, greedy, tally, costs } = decision;
  const costsBps = roundTripBps(costs);
  if (greedy !== 'hold') {
    if (topAction(scores) !== greedy) return [];
    return [
      `${greedy} was expected to earn ${bps(scores[greedy])} after ${costsBps.toFixed(2)} bps of costs, more than the ` +
        `other actions: ${ACTIONS.filter((action) => action !== greedy)
          .map((action) => `${action} ${bps(scores[action])}`)
          .join(', ')}.`,
    ];
  }
  if (tally.votes.length === 0) return [];
  return (['buy', 'sell'] as const).map((side) => {
    const gross = scores[side] + costsBps;
    if (topAction(scores) === side)
      return `Not ${side}, although it was expected to earn ${bps(scores[side])}: see above.`;
    if (scores[side] <= scores.hold && gross > scores.hold && costsBps > 0)
      return `Not ${side}: it was expected to earn ${bps(gross)} before and ${bps(scores[side])} after ${costsBps.toFixed(2)} bps of costs.`;
    if (scores[side] > scores.hold)
      return `Not ${side}: it was expected to earn ${bps(scores[side])}, no more than the opposite side, and a tie is a hold.`;
    return `Not ${side}: it was expected to earn ${bps(scores[side])}, holding ${bps(scores.hold)}.`;
  });
}

function shadowsInWords({ shadows = [] }: DecisionRecord): string[] {
  return shadows.map(
    ({ name, action, size }) => `Challenger ${name} would have done ${action} at size ${size}.`,
  );
}

function outcomeInWords(outcome: FeedbackRecord | undefined, corrected: readonly OutcomeInForce[]): string[] {
  if (!outcome) return ['No outcome was reported yet.'];
  const earned = `${outcome.takenAction} earned ${bps(outcome.realisedBps)} after costs`;
  const rewards = outcome.rewardsBps;
  const others = rewards
    ? `; ${ACTIONS.map((action) => `${action} ${bps(rewards[action])}`).join(', ')} were to be had`
    : '';
  const source = outcome.marked === true ? ', marked from market data' : '';
  return [
    ...corrected.map(
      ({ seq, outcome: earlier }) =>
        `Record ${seq}${earlier.marked === true ? ', marked from market data,' : ''} had said ${bps(earlier.realisedBps)}; it was corrected.`,
    ),
    `${earned}${source}${others}.${outcome.learned ? '' : ' Nothing was learned from it.'}`,
  ];
}

/** Why a decision was what it was, and what came of it, one sentence each. */
export function reasonsFor(
  decision: DecisionRecord,
  outcome: FeedbackRecord | undefined,
  corrected: readonly OutcomeInForce[] = [],
): string[] {
  const reasons = [votesInWords(decision)];
  for (const { expert, reason } of decision.tally.abstentions)
    reasons.push(`${expert} had no say: ${reason}.`);
  reasons.push(
    ...contributionInWords(decision),
    ...mixtureInWords(decision),
    ...guardrailInWords(decision),
    ...whyNot(decision),
  );
  const drawn = decision.override?.action ?? decision.action;
  if (drawn !== decision.greedy)
    reasons.push(`${drawn} was drawn to explore, instead of ${decision.greedy}.`);
  if (decision.override) {
    const { rule, reason, action } = decision.override;
    reasons.push(
      `Rule ${rule} set ${decision.action} at size ${decision.size} where ${action} was wanted: ${reason}.`,
    );
  }
  reasons.push(...shadowsInWords(decision), ...outcomeInWords(outcome, corrected));
  return reasons;
}

/**
 * A decision of the journal with its outcome and the reasons in words.
 * @throws ServiceError NOT_FOUND for a decision that is not in it
 */
export function explanationOf(
  journal: Pick<Journal, 'findBySubject' | 'read'>,
  decisionId: string,
): Explanation {
  const found = journal.findBySubject('decision', decisionId);
  if (!found) {
    throw new ServiceError('NOT_FOUND', `decisionId: no decision "${decisionId}" was given by this service`, {
      field: 'decisionId',
    });
  }
  const decision = found.body as DecisionRecord;
  const known = outcomeOf(journal, decisionId);
  const corrected = correctedOutcomesOf(journal, decisionId);
  return Object.assign(new Explanation(), decision, {
    seq: found.seq,
    ...(known ? { outcome: said(known) } : {}),
    ...(corrected.length === 0 ? {} : { corrected: corrected.map(said) }),
    reasons: reasonsFor(decision, known?.outcome, corrected),
  });
}

function said({ seq, outcome }: OutcomeInForce): TradeFeedback {
  return { ...outcome, seq };
}

import {
  type Abstention,
  type Action,
  type AnomalyAlert,
  asOfMs,
  type ByAction,
  type MarketQuestion,
  topAction,
  type Vote,
  VoteTally,
} from '../dto/index.js';

/** What came back from one member: a vote, or the reason for its absence. */
export type Ballot =
  | { readonly expert: string; readonly vote: Vote }
  | { readonly expert: string; readonly absent: string };

/** The action a vote stands for. */
export function actionOf(vote: Pick<Vote, 'probabilities'>): Action {
  return topAction(vote.probabilities);
}

/** Counts the ballots on a question. Votes are ordered by expert, so that the order of arrival leaves no trace. */
export function tallyOf(question: MarketQuestion, ballots: readonly Ballot[]): VoteTally {
  const votes: Vote[] = [];
  const abstentions: Abstention[] = [];
  const alerts: AnomalyAlert[] = [];
  const counts: ByAction = { buy: 0, hold: 0, sell: 0 };
  for (const ballot of [...ballots].sort((a, b) => (a.expert < b.expert ? -1 : 1))) {
    if ('absent' in ballot) {
      abstentions.push({ expert: ballot.expert, reason: ballot.absent });
      continue;
    }
    const { vote } = ballot;
    alerts.push(...(vote.alerts ?? []));
    if (vote.abstain !== undefined) {
      abstentions.push({ expert: vote.expert, reason: vote.abstain });
      continue;
    }
    votes.push(vote);
    counts[actionOf(vote)] += 1;
  }
  const plurality = topAction(counts);
  return Object.assign(new VoteTally(), {
    symbol: question.symbol,
    timeframe: question.timeframe,
    session: question.session ?? 'default',
    asOfMs: asOfMs(question),
    counts,
    plurality,
    agreement: votes.length > 0 ? counts[plurality] / votes.length : 0,
    votes,
    abstentions,
    alerts,
    strategy: question.strategy ?? 'default',
    horizonBars: question.horizonBars ?? 1,
    ...(question.costs === undefined ? {} : { costs: question.costs }),
  });
}

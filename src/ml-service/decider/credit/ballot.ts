import { type Action, type ByAction, topAction } from '../../dto/index.js';
import { REGIME_EXPERT } from '../decider-input.js';
import type { DeciderFold } from '../fold.js';
import { guard } from '../guard.js';
import type { DecisionRecord } from '../records.js';
import type { Choice } from '../scoring.js';

/** What is kept of one expert's vote until its outcome is known, and for as long as that may be corrected. */
export interface Ballot {
  readonly expert: string;
  readonly action: Action;
  readonly probabilities: ByAction;
  /** What it added to the score of the action chosen, basis points. */
  readonly contributionBps: number;
  /** The decision as it would have been without it. */
  readonly without: { readonly action: Action; readonly size: number };
}

/** What is kept of a decision. */
export interface Ballots {
  readonly decision: Choice;
  readonly regime: string;
  readonly ballots: readonly Ballot[];
}

/**
 * Takes a decision apart: every vote, and what the policy would have done with this expert asleep.
 * @param fold in the state in which the decision was made
 */
export function ballotsOf(decision: DecisionRecord, fold: Pick<DeciderFold, 'answerWithout'>): Ballots {
  const { action, greedy, size, override, tally, costs, contributions } = decision;
  const ballots = tally.votes.map(({ expert, probabilities }) => {
    const said = fold.answerWithout(tally, costs, expert);
    const without = guard(said.action, said.size, tally.alerts);
    return {
      expert,
      action: topAction(probabilities),
      probabilities,
      contributionBps: contributions.find((part) => part.expert === expert)?.[greedy] ?? 0,
      without: { action: without.action, size: without.size },
    };
  });
  const regime = tally.votes.find(({ expert }) => expert === REGIME_EXPERT)?.label ?? 'unknown';
  return {
    decision: { action, greedy, size, ...(override === undefined ? {} : { override }) },
    regime,
    ballots,
  };
}

import { ServiceError } from '../../runtime/index.js';
import type { DecisionRecord, FeedbackRecord, PolicySettings } from '../decider/index.js';
import type { ByAction } from '../dto/index.js';
import type { Journal } from '../journal/index.js';
import { evaluateOffPolicy, type LoggedReward, type OffPolicyReport } from './off-policy.js';
import { type WalkOptions, walkWithPolicy } from './policy-steps.js';

export interface PolicyEvaluation extends OffPolicyReport {
  /** Of the judged policy. */
  readonly policyVersion: string;
  readonly decisions: number;
  /** Decisions that could not be used, by reason. */
  readonly leftOut: {
    /** No outcome was reported. */
    readonly noOutcome: number;
    /** The strategy did something else than was decided, so that the logged propensities do not describe it. */
    readonly otherAction: number;
    /** Made before `fromSeq`; learned from all the same. */
    readonly warmUp: number;
  };
}

export interface EvaluationOptions extends WalkOptions {
  /** Judge decisions from this record on; what came before is only learned from. */
  readonly fromSeq?: number;
  /** Lag of the intervals, decisions; by default a rule on their number. */
  readonly lag?: number;
}

interface Waiting {
  readonly decision: DecisionRecord;
  readonly target: ByAction;
  readonly expectedBps: ByAction;
}

/**
 * What another policy would have earned on the decisions of a journal, per decision and at full size.
 *
 * @throws ServiceError FAILED_PRECONDITION when no decision of the journal can be judged
 */
export function evaluatePolicy(
  journal: Pick<Journal, 'read' | 'findBySubject'>,
  policy: PolicySettings,
  options: EvaluationOptions = {},
): PolicyEvaluation {
  const { fromSeq = 1, lag } = options;
  const waiting = new Map<string, Waiting>();
  /** By decision, in the order they were made: a later outcome of the same decision replaces the earlier. */
  const judged = new Map<string, LoggedReward>();
  let decisions = 0;
  let warmUp = 0;
  const otherAction = new Set<string>();
  const { policyVersion } = walkWithPolicy(
    journal,
    policy,
    {
      onDecision({ seq, decision, target }) {
        decisions += 1;
        if (seq < fromSeq) warmUp += 1;
        else
          waiting.set(decision.decisionId, {
            decision,
            target: target.propensities,
            expectedBps: target.scores,
          });
      },
      onOutcome({ feedback }) {
        const found = waiting.get(feedback.decisionId);
        if (!found) return;
        judged.delete(feedback.decisionId);
        otherAction.delete(feedback.decisionId);
        if (feedback.feedbackKind !== 'none' && feedback.takenAction === found.decision.action)
          judged.set(feedback.decisionId, rewardOf(found, feedback));
        else otherAction.add(feedback.decisionId);
      },
    },
    options,
  );
  const rewards = [...waiting.keys()].flatMap((id) => judged.get(id) ?? []);
  if (rewards.length === 0)
    throw new ServiceError(
      'FAILED_PRECONDITION',
      `none of ${decisions} decisions can be judged: their outcomes are missing or those of other actions`,
    );
  return {
    policyVersion,
    decisions,
    leftOut: {
      noOutcome: waiting.size - judged.size - otherAction.size,
      otherAction: otherAction.size,
      warmUp,
    },
    ...evaluateOffPolicy(rewards, lag),
  };
}

function rewardOf({ decision, target, expectedBps }: Waiting, feedback: FeedbackRecord): LoggedReward {
  return {
    action: decision.action,
    rewardBps: feedback.realisedBps,
    logged: decision.propensities,
    target,
    expectedBps,
    rewardsBps: feedback.feedbackKind === 'full' ? feedback.rewardsBps : undefined,
  };
}

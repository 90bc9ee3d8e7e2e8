import { isTimeframe, timeframeMs } from '../../market-data/index.js';
import { ServiceError } from '../../runtime/index.js';
import type { Trade, TradeFeedback } from '../dto/index.js';
import type { OutcomeInForce } from './outcomes-of.js';
import type { DecisionRecord } from './records.js';

/** How long a decision runs, milliseconds; 0 where its timeframe is not understood. */
export function horizonMs({ timeframe, tally }: Pick<DecisionRecord, 'timeframe' | 'tally'>): number {
  return isTimeframe(timeframe) ? timeframeMs(timeframe) * (tally.horizonBars ?? 1) : 0;
}

/** Nothing can be learned where the policy that acted is not the one that was logged. */
export function isLearnable(feedback: TradeFeedback, decision: DecisionRecord): boolean {
  if (decision.tally.votes.length === 0) return false;
  if (feedback.feedbackKind === 'full') return true;
  return feedback.feedbackKind === 'bandit' && (feedback.takenAction ?? decision.action) === decision.action;
}

/**
 * An outcome must not come after its decision was forgotten.
 * @param decidedMs when the journal took the decision
 * @param ttlMs how long after its horizon an outcome is waited for
 * @throws ServiceError FAILED_PRECONDITION
 */
export function checkInTime(decision: DecisionRecord, decidedMs: number, nowMs: number, ttlMs: number): void {
  const untilMs = decidedMs + horizonMs(decision) + ttlMs;
  if (nowMs <= untilMs) return;
  throw new ServiceError(
    'FAILED_PRECONDITION',
    `decisionId: outcomes of decision ${decision.decisionId} were taken until ${new Date(untilMs).toISOString()}`,
    { field: 'decisionId', details: { untilMs } },
  );
}

/**
 * A trade must not have ended before the bar that its decision was made on began.
 * @throws ServiceError INVALID_ARGUMENT
 */
export function checkAfterDecision(trade: Trade, decision: DecisionRecord): void {
  const { asOfMs, timeframe } = decision;
  // The last bar of a question may be unfinished, so its close may lie in the future.
  const barMs = isTimeframe(timeframe) ? timeframeMs(timeframe) : 0;
  if (trade.exitTimeMs >= asOfMs - barMs) return;
  throw new ServiceError(
    'INVALID_ARGUMENT',
    `exitTimeMs: ${trade.exitTimeMs}; must not be before the decision, made as of ${asOfMs}`,
    { field: 'exitTimeMs' },
  );
}

/**
 * Whether an outcome takes the place of the known one: it says so, or the known one was only marked.
 * @throws ServiceError NOT_FOUND, CONFLICT when it names an outcome that is not in force; ALREADY_EXISTS for another
 *   outcome that does not say that it is a correction
 */
export function checkReplaces(
  feedback: TradeFeedback,
  known: OutcomeInForce | undefined,
): OutcomeInForce | undefined {
  const { decisionId, corrects } = feedback;
  if (!known) {
    if (corrects === undefined) return undefined;
    throw new ServiceError('NOT_FOUND', `corrects: decision ${decisionId} has no outcome to correct`, {
      field: 'corrects',
    });
  }
  const details = { seq: known.seq };
  if (corrects === undefined) {
    if (known.outcome.marked === true && feedback.marked !== true) return known;
    throw new ServiceError(
      'ALREADY_EXISTS',
      `decision ${decisionId} has its outcome already, in record ${known.seq}; to correct it say corrects: ${known.seq}`,
      { field: 'decisionId', details },
    );
  }
  if (corrects === known.seq) return known;
  throw new ServiceError(
    'CONFLICT',
    `corrects: ${corrects}; the outcome of decision ${decisionId} in force is record ${known.seq}`,
    { field: 'corrects', details },
  );
}

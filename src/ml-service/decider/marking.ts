import { isTimeframe, timeframeMs } from '../../market-data/index.js';
import { invalidArgument } from '../../runtime/index.js';
import { barMs, MAX_REWARD_BPS, type MarkRequest, type RewardsBps, roundTripBps } from '../dto/index.js';
import type { OpenDecision } from './open-decisions.js';
import type { DecisionRecord } from './records.js';

const BPS = 1e4;

/** Prices and the moments at which they were known, oldest first. */
export interface PriceSeries {
  readonly timeMs: Float64Array;
  readonly price: Float64Array;
}

/**
 * The prices of a request: those given, or the closes of its candles at the moments they closed.
 * @throws ServiceError INVALID_ARGUMENT without either, or with both
 */
export function priceSeriesOf(request: MarkRequest): PriceSeries {
  const { candles, prices } = request;
  if (prices && !candles) return prices;
  if (!candles || prices) throw invalidArgument('candles', 'both or neither', 'candles or prices');
  const timeframe = request.timeframe ?? '';
  const lengthMs = barMs({ timeframe, candles });
  if (lengthMs === 0) throw invalidArgument('timeframe', request.timeframe, 'given with a single candle');
  return { timeMs: candles.timeMs.map((openMs) => openMs + lengthMs), price: candles.close };
}

/** The last price known at a moment, unless it is older than `maxAgeMs`. */
function priceAt(series: PriceSeries, timeMs: number, maxAgeMs: number): number | undefined {
  let low = 0;
  let high = series.timeMs.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((series.timeMs[middle] as number) <= timeMs) low = middle + 1;
    else high = middle;
  }
  const row = low - 1;
  if (row < 0 || timeMs - (series.timeMs[row] as number) > maxAgeMs) return undefined;
  return series.price[row];
}

/**
 * What each action would have earned from the decision to its horizon, net of the question's costs, basis points;
 * undefined where the prices do not reach over both moments or have a gap there.
 */
export function markedRewards(open: OpenDecision, series: PriceSeries): RewardsBps | undefined {
  const { decision, dueMs } = open;
  const last = series.timeMs[series.timeMs.length - 1];
  if (last === undefined || last < dueMs) return undefined;
  const maxAgeMs = isTimeframe(decision.timeframe) ? timeframeMs(decision.timeframe) : 0;
  const entry = priceAt(series, decision.asOfMs, maxAgeMs);
  const exit = priceAt(series, dueMs, maxAgeMs);
  if (entry === undefined || exit === undefined) return undefined;
  const rewards = rewardsOfMove(decision, exit / entry);
  // No market moves so far between two of its own prices: not data to learn from.
  return Math.max(Math.abs(rewards.buy), Math.abs(rewards.sell)) <= MAX_REWARD_BPS ? rewards : undefined;
}

function rewardsOfMove({ costs }: DecisionRecord, ratio: number): RewardsBps {
  const moveBps = (ratio - 1) * BPS;
  const costBps = roundTripBps(costs);
  return { buy: moveBps - costBps, hold: 0, sell: -moveBps - costBps };
}

import type { Rng } from '../../runtime/index.js';
import type { Candle, TradeTape } from '../types.js';

/** What happens within one bar. */
export interface BarCourse {
  readonly timeMs: number;
  readonly barMs: number;
  /** Logarithm of the middle price at the open. */
  readonly openLog: number;
  /** Logarithm of the middle price at the close. */
  readonly closeLog: number;
  /** Standard deviation of the bar's log return. */
  readonly volatility: number;
  /** Depth of a dive that is bought back within the bar, as a log return of 0 or more. */
  readonly dive: number;
  /** Half of bid to ask, as a log return. */
  readonly halfSpread: number;
  /** Standard normal: above 0 the buyers are the takers more often. */
  readonly pressure: number;
  /** Number of trades, at least 1. */
  readonly trades: number;
  /** Average size, base units. */
  readonly tradeSize: number;
}

/** Steepness and limits of the buyers' share as a function of the pressure. */
const SHARE_SLOPE = 0.6;
const SHARE_REACH = 0.45;
/** Buyers' share while the price dives and while it is bought back. */
const DIVING_SHARE = 0.08;
const RETURNING_SHARE = 0.75;
/** Sizes are log-normal with this deviation; the average stays `tradeSize`. */
const SIZE_DEVIATION = 0.8;
/** Share of the trades that fall into the dive and the return. */
const DIVE_BOTTOM = 0.4;
const DIVE_END = 0.9;

/**
 * Trades of one bar: middle prices along a Brownian bridge from open to close, buyers lifting the ask and
 * sellers hitting the bid, times as those of a Poisson stream.
 */
export function makeTape(course: BarCourse, rng: Rng): TradeTape {
  const count = course.trades;
  const timeMs = tradeTimes(course, rng);
  const logs = bridge(course, rng);
  const price = new Float64Array(count);
  const size = new Float64Array(count);
  const side = new Float64Array(count);
  const share = 0.5 + SHARE_REACH * Math.tanh(SHARE_SLOPE * course.pressure);
  for (let i = 0; i < count; i++) {
    const moment = (i + 1) / count;
    const taker = rng.uniform() < (course.dive > 0 ? divingShare(moment, share) : share) ? 1 : -1;
    side[i] = taker;
    price[i] = Math.exp((logs[i] ?? 0) - course.dive * diveShape(moment) + taker * course.halfSpread);
    size[i] = course.tradeSize * Math.exp(SIZE_DEVIATION * rng.normal() - SIZE_DEVIATION ** 2 / 2);
  }
  return { timeMs, price, size, side };
}

/** The candle of a bar with at least one trade. */
export function candleOf(timeMs: number, { price, size }: TradeTape): Candle {
  let high = Number.NEGATIVE_INFINITY;
  let low = Number.POSITIVE_INFINITY;
  let volume = 0;
  for (let i = 0; i < price.length; i++) {
    const at = price[i] ?? Number.NaN;
    if (at > high) high = at;
    if (at < low) low = at;
    volume += size[i] ?? Number.NaN;
  }
  return { timeMs, open: price[0] ?? Number.NaN, high, low, close: price.at(-1) ?? Number.NaN, volume };
}

/** Log prices at each trade; the last one is the close. */
function bridge({ openLog, closeLog, volatility, trades }: BarCourse, rng: Rng): Float64Array {
  const walk = new Float64Array(trades);
  const step = volatility / Math.sqrt(trades);
  let at = 0;
  for (let i = 0; i < trades; i++) {
    at += step * rng.normal();
    walk[i] = at;
  }
  const missing = closeLog - openLog - at;
  for (let i = 0; i < trades; i++) walk[i] = openLog + (walk[i] ?? 0) + (missing * (i + 1)) / trades;
  return walk;
}

/** Whole milliseconds within the bar, never falling. */
function tradeTimes({ timeMs, barMs, trades }: BarCourse, rng: Rng): Float64Array {
  const times = new Float64Array(trades);
  let total = 0;
  for (let i = 0; i < trades; i++) {
    total += -Math.log(1 - rng.uniform());
    times[i] = total;
  }
  total += -Math.log(1 - rng.uniform());
  // Twice nothing drawn, with a probability of 2^-53 each, would be 0 / 0.
  const scale = total > 0 ? barMs / total : 0;
  for (let i = 0; i < trades; i++)
    times[i] = timeMs + Math.min(barMs - 1, Math.floor((times[i] ?? 0) * scale));
  return times;
}

/** 0 at the open, 1 at the bottom, 0 again before the close. */
function diveShape(moment: number): number {
  if (moment <= DIVE_BOTTOM) return moment / DIVE_BOTTOM;
  return moment >= DIVE_END ? 0 : (DIVE_END - moment) / (DIVE_END - DIVE_BOTTOM);
}

function divingShare(moment: number, otherwise: number): number {
  if (moment <= DIVE_BOTTOM) return DIVING_SHARE;
  return moment >= DIVE_END ? otherwise : RETURNING_SHARE;
}

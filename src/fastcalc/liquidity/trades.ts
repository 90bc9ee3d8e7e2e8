import { columns, count, object, scalar, series } from '../arguments.js';
import { loadNative } from '../native.js';
import { translated } from '../native-errors.js';

/** Options of {@link multiLevelOrderFlowImbalance}. */
export interface LevelOptions {
  /** Levels of the book a row holds, at least 1. */
  readonly levels: number;
}

/**
 * Order flow imbalance of each update at each level (Xu, Gould, Howison 2018), in units of size. Inputs
 * and output are row-major: T × levels, the best first. The first row is 0.
 */
export function multiLevelOrderFlowImbalance(
  bidPrice: Float64Array,
  bidSize: Float64Array,
  askPrice: Float64Array,
  askSize: Float64Array,
  options: LevelOptions,
): Float64Array {
  const c = columns({ bidPrice, bidSize, askPrice, askSize });
  const levels = count('levels', object('options', options).levels, 1);
  return translated(() =>
    loadNative().multiLevelOrderFlowImbalance(c.bidPrice, c.bidSize, c.askPrice, c.askSize, levels),
  );
}

/**
 * Side of each trade by the last move (Lee, Ready 1991): 1 above the last different price, −1 below it, 0 before any
 * difference. A missing price is NaN and passed over.
 */
export function tickRule(price: Float64Array): Float64Array {
  const values = series('price', price);
  return translated(() => loadNative().tickRule(values));
}

/**
 * Side of each trade (Lee, Ready 1991): 1 (bought) above the middle of the quotes in force, −1 (sold)
 * below it, by `tickRule` at the middle or where a quote is missing.
 */
export function leeReady(price: Float64Array, bidPrice: Float64Array, askPrice: Float64Array): Float64Array {
  const c = columns({ price, bidPrice, askPrice });
  return translated(() => loadNative().leeReady(c.price, c.bidPrice, c.askPrice));
}

/** Options of {@link tradeIntensity}. */
export interface TradeIntensityOptions {
  /** After so long an event counts half, in milliseconds; above 0. */
  readonly halfLifeMs: number;
}

/**
 * Events a second as of each event: an exponentially weighted rate, so that steady events read as their
 * rate after some half-lives. Times in milliseconds, not falling.
 */
export function tradeIntensity(timesMs: Float64Array, options: TradeIntensityOptions): Float64Array {
  const times = series('timesMs', timesMs);
  const halfLifeMs = scalar('halfLifeMs', object('options', options).halfLifeMs);
  return translated(() => loadNative().tradeIntensity(times, halfLifeMs));
}

import { invalidArgument } from '../../runtime/index.js';
import { columns, count, object, series } from '../arguments.js';
import { loadNative } from '../native.js';
import { translated } from '../native-errors.js';
import type { WindowOptions } from './impact.js';

/** Three columns in units of price; effective = realised + impact. */
export interface TradeSpreads {
  /** What was paid: 2 × side × (price − middle). */
  readonly effective: Float64Array;
  /** What the other side kept: 2 × side × (price − middle `horizon` rows later). */
  readonly realised: Float64Array;
  /** What the price moved: 2 × side × (middle `horizon` rows later − middle). */
  readonly impact: Float64Array;
}

/** Options of {@link tradeSpreads}. */
export interface TradeSpreadOptions {
  /** Rows after which the middle counts as settled, at least 1. */
  readonly horizon: number;
}

/**
 * Effective and realised spread and price impact of each trade (Huang, Stoll 1996). `side` is 1 for
 * bought, −1 for sold, 0 for no cost; `middle` that of the quotes in force. The last `horizon` rows of
 * realised and impact are NaN: they look ahead, so use them that much later.
 */
export function tradeSpreads(
  price: Float64Array,
  side: Float64Array,
  middle: Float64Array,
  options: TradeSpreadOptions,
): TradeSpreads {
  const c = columns({ price, side, middle });
  const horizon = count('horizon', object('options', options).horizon, 1);
  return translated(() => loadNative().tradeSpreads(c.price, c.side, c.middle, horizon));
}

/**
 * Spread from the bounce of prices, in units of price (Roll 1984): 2 √−cov of neighbouring changes, 0
 * where the covariance (n − 1) is not below 0. `period` pairs (at least 2); first value at row
 * `period` + 1.
 */
export function rollSpread(close: Float64Array, options: WindowOptions): Float64Array {
  const values = series('close', close);
  const period = count('period', object('options', options).period, 2);
  return translated(() => loadNative().rollSpread(values, period));
}

/**
 * Spread from highs and lows, a fraction of the price (Corwin, Schultz 2012): mean over `period` pairs
 * of bars, gaps taken out, pairs below 0 counted as 0. First value at row `period`.
 */
export function corwinSchultz(
  high: Float64Array,
  low: Float64Array,
  close: Float64Array,
  options: WindowOptions,
): Float64Array {
  const c = columns({ high, low, close });
  const period = count('period', object('options', options).period, 1);
  return translated(() => loadNative().corwinSchultz(c.high, c.low, c.close, period));
}

/** Options of {@link abdiRanaldo}. */
export interface AbdiRanaldoOptions extends WindowOptions {
  /**
   * Where an estimate below 0 is cut off: 'pairs' each pair of bars on its own (the paper's two-day
   * version), 'window' the mean of the window (its monthly version). Default 'pairs'.
   */
  readonly correction?: 'pairs' | 'window';
}

/**
 * Spread from closes, highs and lows, a fraction of the price (Abdi, Ranaldo 2017), over `period` pairs
 * of bars. First value at row `period`.
 */
export function abdiRanaldo(
  high: Float64Array,
  low: Float64Array,
  close: Float64Array,
  options: AbdiRanaldoOptions,
): Float64Array {
  const c = columns({ high, low, close });
  const { correction = 'pairs' } = object('options', options);
  if (correction !== 'pairs' && correction !== 'window') {
    throw invalidArgument('correction', correction, "'pairs' or 'window'");
  }
  const period = count('period', options.period, 1);
  return translated(() => loadNative().abdiRanaldo(c.high, c.low, c.close, period, correction === 'pairs'));
}

import { columns, count, object, scalar, series } from './arguments.js';
import { loadNative } from './native.js';
import { translated } from './native-errors.js';

/*
 * Series run oldest first. An output has the length of its input, NaN while warming up and where
 * a value it depends on is missing (NaN). Infinite values and wrong arguments throw a ServiceError
 * INVALID_ARGUMENT that names the field and, where one row is at fault, the row: `close[3]`.
 */

/** The three lines of the directional movement system, each 0 to 100. */
export interface DirectionalMovement {
  /** Strength of the trend; first value at row 2 × period − 1. */
  readonly adx: Float64Array;
  /** Upward movement; first value at row period. */
  readonly plusDi: Float64Array;
  /** Downward movement; first value at row period. */
  readonly minusDi: Float64Array;
}

/** Options of {@link ewmaVolatility}. */
export interface EwmaVolatilityOptions {
  /** Returns after which a return counts half; above 0, need not be whole. */
  readonly halfLifeBars: number;
}

/**
 * Standard deviation of the log return of one bar, as a fraction (0.01 is 1 %): exponentially
 * weighted squares, mean taken as 0 (RiskMetrics 1996), weights divided by their sum so far. First
 * value at row ceil(halfLifeBars). A missing close is passed over; closes must be above 0.
 */
export function ewmaVolatility(close: Float64Array, options: EwmaVolatilityOptions): Float64Array {
  const values = series('close', close);
  const halfLifeBars = scalar('halfLifeBars', object('options', options).halfLifeBars);
  return translated(() => loadNative().ewmaVolatility(values, halfLifeBars));
}

/**
 * Average true range in units of price (Wilder 1978, TA-Lib convention). First value at row
 * `period` (at least 1); after a row with a missing value it warms up anew.
 */
export function atr(
  high: Float64Array,
  low: Float64Array,
  close: Float64Array,
  period: number,
): Float64Array {
  const c = columns({ high, low, close });
  const rows = count('period', period, 1);
  return translated(() => loadNative().atr(c.high, c.low, c.close, rows));
}

/**
 * Relative strength index, 0 to 100 (Wilder 1978, TA-Lib convention, but 50 where nothing moved at
 * all). First value at row `period` (at least 2); after a missing close it warms up anew.
 */
export function rsi(close: Float64Array, period: number): Float64Array {
  const values = series('close', close);
  const rows = count('period', period, 2);
  return translated(() => loadNative().rsi(values, rows));
}

/** Average directional index alone; see {@link directionalMovement}. */
export function adx(
  high: Float64Array,
  low: Float64Array,
  close: Float64Array,
  period: number,
): Float64Array {
  const c = columns({ high, low, close });
  const rows = count('period', period, 2);
  return translated(() => loadNative().adx(c.high, c.low, c.close, rows));
}

/**
 * Average directional index and both directional indicators (Wilder 1978, TA-Lib convention).
 * `period` at least 2; after a row with a missing value all three warm up anew.
 */
export function directionalMovement(
  high: Float64Array,
  low: Float64Array,
  close: Float64Array,
  period: number,
): DirectionalMovement {
  const c = columns({ high, low, close });
  const rows = count('period', period, 2);
  return translated(() => loadNative().directionalMovement(c.high, c.low, c.close, rows));
}

/**
 * (last − mean) / population standard deviation of the last `period` rows (at least 2), the last
 * included; 0 where all are equal. First value at row `period` − 1. Depends on its window alone.
 */
export function rollingZScore(values: Float64Array, period: number): Float64Array {
  const checked = series('values', values);
  const rows = count('period', period, 2);
  return translated(() => loadNative().rollingZScore(checked, rows));
}

/**
 * Share of the last `period` rows (at least 2) that are below the last one, ties and itself counted
 * half: inside (0, 1), 0.5 where all are equal. First value at row `period` − 1.
 */
export function rollingRank(values: Float64Array, period: number): Float64Array {
  const checked = series('values', values);
  const rows = count('period', period, 2);
  return translated(() => loadNative().rollingRank(checked, rows));
}

/**
 * Slope per row of the least-squares line through the last `period` rows (at least 2; TA-Lib
 * LINEARREG_SLOPE). First value at row `period` − 1.
 */
export function linearRegressionSlope(values: Float64Array, period: number): Float64Array {
  const checked = series('values', values);
  const rows = count('period', period, 2);
  return translated(() => loadNative().linearRegressionSlope(checked, rows));
}

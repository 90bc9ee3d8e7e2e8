import { columns, count, object } from '../arguments.js';
import { loadNative } from '../native.js';
import { translated } from '../native-errors.js';

/*
 * Volatility from the range of bars: standard deviations of one bar, as fractions; multiply by
 * √(bars a year) to annualise. Prices finite and above 0, high not below low. NaN while warming up and
 * while a missing price is in the window; 0 where nothing moved.
 */

/** Four prices a bar. */
export interface OhlcColumns {
  readonly open: Float64Array;
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
}

/** Options of the range estimators. */
export interface RangeVolatilityOptions {
  /** Bars of the window. */
  readonly period: number;
}

/** √(mean ln(high / low)² / (4 ln 2)) (Parkinson 1980). First value at row `period` − 1. */
export function parkinson(
  high: Float64Array,
  low: Float64Array,
  options: RangeVolatilityOptions,
): Float64Array {
  const c = columns({ high, low });
  const period = count('period', object('options', options).period, 1);
  return translated(() => loadNative().parkinson(c.high, c.low, period));
}

/**
 * √mean(½ ln(high / low)² − (2 ln 2 − 1) ln(close / open)²) (Garman, Klass 1980). First value at row
 * `period` − 1.
 */
export function garmanKlass(bars: OhlcColumns, options: RangeVolatilityOptions): Float64Array {
  const [open, high, low, close] = four(bars);
  const period = count('period', object('options', options).period, 1);
  return translated(() => loadNative().garmanKlass(open, high, low, close, period));
}

/**
 * √mean(ln(h/o) ln(h/c) + ln(l/o) ln(l/c)) (Rogers, Satchell 1991): right for any drift, blind to gaps.
 * First value at row `period` − 1.
 */
export function rogersSatchell(bars: OhlcColumns, options: RangeVolatilityOptions): Float64Array {
  const [open, high, low, close] = four(bars);
  const period = count('period', object('options', options).period, 1);
  return translated(() => loadNative().rogersSatchell(open, high, low, close, period));
}

/**
 * Overnight, intraday and Rogers-Satchell variance together, k = 0.34 / (1.34 + (n + 1) / (n − 1))
 * (Yang, Zhang 2000): right for drift and gaps. `period` at least 2; first value at row `period`.
 */
export function yangZhang(bars: OhlcColumns, options: RangeVolatilityOptions): Float64Array {
  const [open, high, low, close] = four(bars);
  const period = count('period', object('options', options).period, 2);
  return translated(() => loadNative().yangZhang(open, high, low, close, period));
}

function four(bars: OhlcColumns): [Float64Array, Float64Array, Float64Array, Float64Array] {
  const { open, high, low, close } = object('bars', bars);
  const c = columns({ open, high, low, close });
  return [c.open, c.high, c.low, c.close];
}

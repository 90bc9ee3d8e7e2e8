import { count, object, series } from '../arguments.js';
import { loadNative } from '../native.js';
import { translated } from '../native-errors.js';

/*
 * Variance of a window of returns: sums over the last `period` rows, not means. First value at row
 * `period` − 1; NaN while a missing return is in the window.
 */

/** A window of returns. */
export interface ReturnWindowOptions {
  /** Returns of the window. */
  readonly period: number;
}

/** Sum of squared returns, jumps included (Andersen, Bollerslev, Diebold, Labys 2001). */
export function realizedVariance(returns: Float64Array, options: ReturnWindowOptions): Float64Array {
  const [values, period] = windowOf(returns, options, 1);
  return translated(() => loadNative().realizedVariance(values, period));
}

/**
 * π/2 × n / (n − 1) × Σ |r| |r before|: the variance without its jumps (Barndorff-Nielsen, Shephard
 * 2004). `period` at least 2.
 */
export function bipowerVariation(returns: Float64Array, options: ReturnWindowOptions): Float64Array {
  const [values, period] = windowOf(returns, options, 2);
  return translated(() => loadNative().bipowerVariation(values, period));
}

/**
 * Ratio statistic for jumps (Barndorff-Nielsen, Shephard 2006; Huang, Tauchen 2005): standard normal
 * without a jump, large with one; 0 where nothing moved. `period` at least 3.
 */
export function jumpTest(returns: Float64Array, options: ReturnWindowOptions): Float64Array {
  const [values, period] = windowOf(returns, options, 3);
  return translated(() => loadNative().jumpTest(values, period));
}

/** Variance from medians of three neighbours (Andersen, Dobrev, Schaumburg 2012). `period` at least 3. */
export function medRv(returns: Float64Array, options: ReturnWindowOptions): Float64Array {
  const [values, period] = windowOf(returns, options, 3);
  return translated(() => loadNative().medRv(values, period));
}

/** Variance from minima of two neighbours (Andersen, Dobrev, Schaumburg 2012). `period` at least 2. */
export function minRv(returns: Float64Array, options: ReturnWindowOptions): Float64Array {
  const [values, period] = windowOf(returns, options, 2);
  return translated(() => loadNative().minRv(values, period));
}

/** Options of {@link volatilityOfVolatility}. */
export interface VolatilityOfVolatilityOptions extends ReturnWindowOptions {
  /** Returns of each volatility, at least 2. */
  readonly volatilityPeriod: number;
}

/**
 * Standard deviation (n − 1) of the last `period` (at least 2) values of the volatility, itself the
 * standard deviation (n − 1) of the last `volatilityPeriod` returns. First value at row
 * `volatilityPeriod` + `period` − 2.
 */
export function volatilityOfVolatility(
  returns: Float64Array,
  options: VolatilityOfVolatilityOptions,
): Float64Array {
  const [values, period] = windowOf(returns, options, 2);
  const inner = count('volatilityPeriod', options.volatilityPeriod, 2);
  return translated(() => loadNative().volatilityOfVolatility(values, inner, period));
}

function windowOf(
  returns: Float64Array,
  options: ReturnWindowOptions,
  least: number,
): [Float64Array, number] {
  return [series('returns', returns), count('period', object('options', options).period, least)];
}

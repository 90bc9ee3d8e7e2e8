import { columns, object, scalar, series } from '../arguments.js';
import { loadNative } from '../native.js';
import { translated } from '../native-errors.js';

/*
 * Measures of returns: simple returns of a period, as fractions; NaN is missing and left out. A measure
 * that is not defined (of nothing, or divided by a spread of 0) is NaN.
 */

/** How to annualise. */
export interface AnnualOptions {
  /** Periods a year, above 0; 1 leaves the measure per period. Default 1. */
  readonly periodsPerYear?: number;
}

/** Mean excess over `riskFree` (a period, default 0) / its deviation (n − 1), × √periodsPerYear (Sharpe 1994). */
export function sharpe(
  returns: Float64Array,
  options: AnnualOptions & { readonly riskFree?: number } = {},
): number {
  const values = series('returns', returns);
  const { riskFree = 0, periodsPerYear = 1 } = object('options', options);
  const [free, year] = [scalar('riskFree', riskFree), scalar('periodsPerYear', periodsPerYear)];
  return translated(() => loadNative().sharpe(values, free, year));
}

/**
 * (mean − `target`, default 0) / √mean(min(return − target, 0)²) × √periodsPerYear (Sortino, Price 1994);
 * the mean of squares runs over all returns. Infinite where nothing fell short.
 */
export function sortino(
  returns: Float64Array,
  options: AnnualOptions & { readonly target?: number } = {},
): number {
  const values = series('returns', returns);
  const { target = 0, periodsPerYear = 1 } = object('options', options);
  const [aim, year] = [scalar('target', target), scalar('periodsPerYear', periodsPerYear)];
  return translated(() => loadNative().sortino(values, aim, year));
}

/** What exceeds `threshold` (default 0) / what falls short of it (Keating, Shadwick 2002). */
export function omega(returns: Float64Array, options: { readonly threshold?: number } = {}): number {
  const values = series('returns', returns);
  const threshold = scalar('threshold', object('options', options).threshold ?? 0);
  return translated(() => loadNative().omega(values, threshold));
}

/** Compound growth a year: Π(1 + return)^(periodsPerYear / count) − 1. */
export function annualGrowth(returns: Float64Array, options: AnnualOptions = {}): number {
  const values = series('returns', returns);
  const year = scalar('periodsPerYear', object('options', options).periodsPerYear ?? 1);
  return translated(() => loadNative().annualGrowth(values, year));
}

/** Compound growth a year / maximum drawdown (Young 1991). Infinite where nothing was ever lost. */
export function calmar(returns: Float64Array, options: AnnualOptions = {}): number {
  const values = series('returns', returns);
  const year = scalar('periodsPerYear', object('options', options).periodsPerYear ?? 1);
  return translated(() => loadNative().calmar(values, year));
}

/** Sharpe ratio of the return above that of a benchmark (Goodwin 1998). */
export function informationRatio(
  returns: Float64Array,
  benchmark: Float64Array,
  options: AnnualOptions = {},
): number {
  const c = columns({ returns, benchmark });
  const year = scalar('periodsPerYear', object('options', options).periodsPerYear ?? 1);
  return translated(() => loadNative().informationRatio(c.returns, c.benchmark, year));
}

/** Counts and averages of closed trades; averages of nothing are NaN. */
export interface TradeStatistics {
  readonly count: number;
  /** Share of trades above 0; one of exactly 0 is neither won nor lost. */
  readonly winRate: number;
  readonly averageWin: number;
  /** As a positive number. */
  readonly averageLoss: number;
  readonly payoffRatio: number;
  /** Sum of wins / sum of losses. */
  readonly profitFactor: number;
  /** Mean of all trades. */
  readonly expectancy: number;
  readonly longestWins: number;
  readonly longestLosses: number;
}

/**
 * What the results of trades, in any unit and in order, say about a strategy: share of wins, average win
 * over average loss (payoff ratio), sum of wins over sum of losses (profit factor), mean (expectancy), and
 * the longest runs. A result of exactly 0 is neither won nor lost.
 */
export function tradeStatistics(results: Float64Array): TradeStatistics {
  const values = series('results', results);
  return translated(() => loadNative().tradeStatistics(values));
}

import { count, object, scalar, series } from '../arguments.js';
import { loadNative } from '../native.js';
import { translated } from '../native-errors.js';

/** A Sharpe ratio and what its standard error depends on. */
export interface SharpeEstimate {
  /** Per period, not annualised. */
  readonly sharpe: number;
  /** Number of returns, at least 2. */
  readonly count: number;
  /** Of the returns. */
  readonly skewness: number;
  /** Of the returns, 3 for the normal. */
  readonly kurtosis: number;
}

/** Strategies that were tried. */
export interface Trials {
  /** Variance of their Sharpe ratios, per period. */
  readonly trialVariance: number;
  /** How many (independent) ones, at least 1. */
  readonly trials: number;
}

/** The estimate from returns: deviation with n − 1, skewness and kurtosis of the sample. */
export function sharpeEstimate(returns: Float64Array): SharpeEstimate {
  const values = series('returns', returns);
  return translated(() => loadNative().sharpeEstimate(values));
}

/** Probability that the true ratio is above `benchmark`, per period (Bailey, Lopez de Prado 2012). */
export function probabilisticSharpe(estimate: SharpeEstimate, benchmark = 0): number {
  const native = pack(estimate);
  const bar = scalar('benchmark', benchmark);
  return translated(() => loadNative().probabilisticSharpe(native, bar));
}

/** The best ratio to be expected of trials without skill (Bailey, Lopez de Prado 2014). */
export function expectedMaximumSharpe(trials: Trials): number {
  const [variance, number] = numbers(trials);
  return translated(() => loadNative().expectedMaximumSharpe(variance, number));
}

/** Probability that the true ratio is above what trials without skill reach (Bailey, Lopez de Prado 2014). */
export function deflatedSharpe(estimate: SharpeEstimate, trials: Trials): number {
  const native = pack(estimate);
  const [variance, number] = numbers(trials);
  return translated(() => loadNative().deflatedSharpe(native, variance, number));
}

/**
 * Returns needed to be `confidence` sure that the ratio is above `benchmark` (Bailey, Lopez de Prado 2012);
 * infinite where it is not.
 */
export function minimumTrackRecord(
  estimate: SharpeEstimate,
  options: { readonly benchmark?: number; readonly confidence?: number } = {},
): number {
  const native = pack(estimate);
  const { benchmark = 0, confidence = 0.95 } = object('options', options);
  const [bar, sure] = [scalar('benchmark', benchmark), scalar('confidence', confidence)];
  return translated(() => loadNative().minimumTrackRecord(native, bar, sure));
}

/** How the best strategy of one half of the time does in the other. */
export interface Overfitting {
  /** Share of splits in which it is at or below the median. */
  readonly probability: number;
  /** Logit of its rank in the other half, a split. */
  readonly logits: Float64Array;
  /** Its Sharpe ratio where it was chosen, a split. */
  readonly chosen: Float64Array;
  /** Its Sharpe ratio in the other half, a split. */
  readonly other: Float64Array;
  /** Share of splits in which it lost there. */
  readonly probabilityOfLoss: number;
}

/** Options of {@link probabilityOfOverfitting}. */
export interface OverfittingOptions {
  /** Columns of the row-major returns, one a strategy; at least 2. */
  readonly trials: number;
  /** Blocks of time, even, 2 to 20. Default 16. */
  readonly blocks?: number;
}

/** Probability of backtest overfitting by CSCV (Bailey, Borwein, Lopez de Prado, Zhu 2014). */
export function probabilityOfOverfitting(returns: Float64Array, options: OverfittingOptions): Overfitting {
  const values = series('returns', returns);
  const { trials, blocks = 16 } = object('options', options);
  const [width, parts] = [count('trials', trials, 2), count('blocks', blocks, 2)];
  return translated(() => loadNative().probabilityOfOverfitting(values, width, parts));
}

function pack(estimate: SharpeEstimate): SharpeEstimate {
  const e = object('estimate', estimate);
  return {
    sharpe: scalar('sharpe', e.sharpe),
    count: scalar('count', e.count),
    skewness: scalar('skewness', e.skewness),
    kurtosis: scalar('kurtosis', e.kurtosis),
  };
}

function numbers(trials: Trials): [number, number] {
  const { trialVariance, trials: number } = object('trials', trials);
  return [scalar('trialVariance', trialVariance), scalar('trials', number)];
}

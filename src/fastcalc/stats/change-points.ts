import { invalidArgument } from '../../runtime/index.js';
import { count, object, scalar, series } from '../arguments.js';
import { loadNative } from '../native.js';
import { translated } from '../native-errors.js';

/** Options of {@link cusum}. */
export interface CusumOptions {
  /** The level a series in order keeps to. */
  readonly target: number;
  /** Deviation a row that is let pass: half the shift to be found; at least 0. */
  readonly slack: number;
  /** An alarm is raised above it; above 0. */
  readonly threshold: number;
}

/** Both sums and the alarms of each row; NaN where the value is missing. */
export interface Cusum {
  /** Upper sum before any reset, at least 0. */
  readonly upper: Float64Array;
  /** Lower sum before any reset, at least 0. */
  readonly lower: Float64Array;
  /** 1 for an alarm upwards, −1 downwards, 0 for none; both sums then start again from 0. */
  readonly alarm: Float64Array;
}

/** Two-sided cumulative sums (Page 1954). */
export function cusum(values: Float64Array, options: CusumOptions): Cusum {
  const column = series('values', values);
  const { target, slack, threshold } = object('options', options);
  const numbers = [scalar('target', target), scalar('slack', slack), scalar('threshold', threshold)] as const;
  return translated(() => loadNative().cusum(column, ...numbers));
}

/** Options of {@link pelt}. */
export interface PeltOptions {
  /**
   * 'mean': squared distances from the mean of the segment. 'mean-variance': twice the negative log
   * likelihood of a normal.
   */
  readonly cost: 'mean' | 'mean-variance';
  /**
   * Price of a change, at least 0; usually 2 or 3 ln(rows) times the variance of the noise ('mean'), 3
   * or 4 ln(rows) ('mean-variance').
   */
  readonly penalty: number;
  /** Least rows of a segment. Default 2. */
  readonly minimumSegment?: number;
}

/**
 * Rows at which a new segment begins, rising, in the segmentation of least total cost (Killick,
 * Fearnhead, Eckley 2012); exact. Values may not be missing.
 */
export function pelt(values: Float64Array, options: PeltOptions): Float64Array {
  const column = series('values', values);
  const { cost, penalty, minimumSegment = 2 } = object('options', options);
  if (cost !== 'mean' && cost !== 'mean-variance') {
    throw invalidArgument('cost', cost, "'mean' or 'mean-variance'");
  }
  const price = scalar('penalty', penalty);
  const least = count('minimumSegment', minimumSegment, 1);
  return translated(() => loadNative().pelt(column, cost === 'mean-variance', price, least));
}

/** What is expected of a segment before it is seen: a normal-inverse-gamma prior. */
export interface ChangePointPrior {
  /** Expected rows of a segment, above 1. */
  readonly meanRun: number;
  /** Expected mean. */
  readonly mean: number;
  /** Rows of observation this is worth, above 0. */
  readonly meanWeight: number;
  /** Half the rows of observation behind the variance, above 0. */
  readonly shape: number;
  /** Shape times the expected variance, above 0. */
  readonly scale: number;
}

/** Options of {@link onlineChangePoints}. */
export interface OnlineChangePointOptions {
  readonly prior: ChangePointPrior;
  /** A segment of at most so many rows counts as new. Default 1. */
  readonly recent?: number;
}

/** What was known after each row. */
export interface OnlineChangePoints {
  /** Likeliest rows of the current segment so far. */
  readonly runLength: Float64Array;
  /** Probability that the segment is at most `recent` rows old. */
  readonly changeProbability: Float64Array;
  /** First rows of all segments but the first, in hindsight: the likeliest segmentation. */
  readonly changes: Float64Array;
  /** Natural logarithm of the likelihood of all rows. */
  readonly logLikelihood: number;
}

/**
 * Bayesian online change points of mean and variance (Adams, MacKay 2007). Run length and probability of
 * a row never change when later ones arrive; a missing value repeats the row before.
 */
export function onlineChangePoints(
  values: Float64Array,
  options: OnlineChangePointOptions,
): OnlineChangePoints {
  const column = series('values', values);
  const { prior, recent = 1 } = object('options', options);
  const { meanRun, mean, meanWeight, shape, scale } = object('prior', prior);
  const native = {
    meanRun: scalar('meanRun', meanRun),
    mean: scalar('mean', mean),
    meanWeight: scalar('meanWeight', meanWeight),
    shape: scalar('shape', shape),
    scale: scalar('scale', scale),
  };
  const rows = count('recent', recent, 1);
  return translated(() => loadNative().onlineChangePoints(column, native, rows));
}

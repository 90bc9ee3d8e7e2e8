import { count, object, scalar, series } from '../arguments.js';
import { loadNative } from '../native.js';
import { translated } from '../native-errors.js';

/** Options of the rolling matrices. */
export interface RollingMatrixOptions {
  /** Columns of the row-major values, N. */
  readonly columns: number;
  /** Rows of the window, at least 2. */
  readonly period: number;
  /**
   * How far the sample is pulled towards the identity times its mean variance: a share from 0 to 1, or
   * 'ledoit-wolf' to estimate it in each window (Ledoit, Wolf 2004; covariances are then divided by n
   * instead of n − 1). Default none.
   */
  readonly shrinkage?: number | 'ledoit-wolf';
}

/**
 * Covariance matrix of the last `period` rows at every row: T × N × N numbers, row-major. First at row
 * `period` − 1; all NaN while a missing value is in the window.
 */
export function rollingCovariance(values: Float64Array, options: RollingMatrixOptions): Float64Array {
  return matrix(values, options, false);
}

/**
 * Correlation matrix of the last `period` rows at every row, −1 to 1, NaN with a flat column: T × N × N
 * numbers, row-major. First at row `period` − 1; all NaN while a missing value is in the window.
 */
export function rollingCorrelation(values: Float64Array, options: RollingMatrixOptions): Float64Array {
  return matrix(values, options, true);
}

function matrix(values: Float64Array, options: RollingMatrixOptions, correlation: boolean): Float64Array {
  const cells = series('values', values);
  const { columns, period, shrinkage } = object('options', options);
  const [width, rows] = [count('columns', columns, 1), count('period', period, 2)];
  const ledoitWolf = shrinkage === 'ledoit-wolf';
  const share = shrinkage === undefined || ledoitWolf ? undefined : scalar('shrinkage', shrinkage);
  return translated(() => loadNative().rollingMatrix(cells, width, rows, correlation, ledoitWolf, share));
}

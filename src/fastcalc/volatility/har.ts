import { count, object, series } from '../arguments.js';
import { loadNative } from '../native.js';
import { translated } from '../native-errors.js';

/** Rows of the three windows, rising. Default 1, 5 and 22. */
export interface HarOptions {
  readonly short?: number;
  readonly middle?: number;
  readonly long?: number;
}

/** next = constant + Σ coefficient × mean of the window. */
export interface HarFit {
  /** Constant, and coefficients of the short, middle and long mean. */
  readonly coefficients: Float64Array;
  /** Ordinary standard errors of the four. */
  readonly standardErrors: Float64Array;
  /** Share of the variance of the next value that is explained. */
  readonly rSquared: number;
  /** Rows that were fitted. */
  readonly rows: number;
  /** Forecast of the row after the last; NaN where the long window misses a value. */
  readonly next: number;
}

/**
 * Heterogeneous autoregression of realised variance (Corsi 2009) by ordinary least squares, and the
 * forecast of the next row. Rows with a missing value in the long window are left out.
 */
export function fitHar(values: Float64Array, options: HarOptions = {}): HarFit {
  const column = series('values', values);
  const { short = 1, middle = 5, long = 22 } = object('options', options);
  const lags = [count('short', short, 1), count('middle', middle, 1), count('long', long, 1)] as const;
  return translated(() => loadNative().fitHar(column, ...lags));
}

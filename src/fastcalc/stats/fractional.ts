import { object, scalar, series } from '../arguments.js';
import { loadNative } from '../native.js';
import { translated } from '../native-errors.js';

/** Options of the fractional difference. */
export interface FractionalOptions {
  /** How often to difference: 0 not at all, 1 changes, between them part of the memory stays. */
  readonly order: number;
  /** Weights smaller than it are cut off; above 0. Default 1e-5. */
  readonly threshold?: number;
}

/** Weights of (1 − L)^order (Hosking 1981), newest first. */
export function fractionalWeights(options: FractionalOptions): Float64Array {
  const [order, threshold] = numbers(options);
  return translated(() => loadNative().fractionalWeights(order, threshold));
}

/**
 * The series differenced `order` times with the same number of weights at every row (Lopez de Prado
 * 2018). First value at row (number of weights) − 1; NaN while a missing value is in the window.
 */
export function fractionalDifference(values: Float64Array, options: FractionalOptions): Float64Array {
  const column = series('values', values);
  const [order, threshold] = numbers(options);
  return translated(() => loadNative().fractionalDifference(column, order, threshold));
}

function numbers(options: FractionalOptions): [number, number] {
  const { order, threshold = 1e-5 } = object('options', options);
  return [scalar('order', order), scalar('threshold', threshold)];
}

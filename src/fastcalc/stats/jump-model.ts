import { count, object, scalar, series } from '../arguments.js';
import { loadNative } from '../native.js';
import { translated } from '../native-errors.js';

/** Options of {@link fitJumpModel}. */
export interface JumpModelOptions {
  /** Features a row. */
  readonly width: number;
  /** States, 1 to 64. */
  readonly states: number;
  /** Cost of a change of state, in units of half a squared distance; 0 is k-means. */
  readonly penalty: number;
  /** All randomness comes from it. */
  readonly seed: number;
  /** Random starts of which the best is kept. Default 10. */
  readonly starts?: number;
}

/** A fitted model; states in order of the rising first feature of their centres. */
export interface JumpModel {
  /** States × width, row-major. */
  readonly centres: Float64Array;
  /** Sum of half squared distances and penalties. */
  readonly objective: number;
  /** State of each row, with all rows in view. */
  readonly states: Float64Array;
}

/** Options of {@link jumpModelStates}. */
export interface JumpModelStateOptions {
  /** Features a row. */
  readonly width: number;
  /** States × width, row-major. */
  readonly centres: Float64Array;
  readonly penalty: number;
  /** True: each row's state from it and those before alone, as it would have been told then. */
  readonly online: boolean;
}

/**
 * Statistical jump model (Bemporad and others 2018; Nystrup, Lindström, Madsen 2020): regimes that cost
 * something to leave. `features` is row-major, without missing values and in comparable scales.
 */
export function fitJumpModel(features: Float64Array, options: JumpModelOptions): JumpModel {
  const values = series('features', features);
  const { width, states, penalty, seed, starts = 10 } = object('options', options);
  const numbers = [
    count('width', width, 1),
    count('states', states, 1),
    scalar('penalty', penalty),
    count('starts', starts, 1),
    count('seed', seed, 0, Number.MAX_SAFE_INTEGER),
  ] as const;
  return translated(() => loadNative().fitJumpModel(values, ...numbers));
}

/** The states of a series for known centres (Nystrup, Lindström, Madsen 2020). */
export function jumpModelStates(features: Float64Array, options: JumpModelStateOptions): Float64Array {
  const values = series('features', features);
  const { width, centres, penalty, online } = object('options', options);
  const columns = count('width', width, 1);
  const middle = series('centres', centres);
  const price = scalar('penalty', penalty);
  return translated(() => loadNative().jumpModelStates(values, columns, middle, price, online === true));
}

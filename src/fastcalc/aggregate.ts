import { invalidArgument } from '../runtime/index.js';
import { count, series } from './arguments.js';
import { loadNative } from './native.js';
import { translated } from './native-errors.js';

/** How forecasts are combined; `auto` is MLpol over all the others, in this order. */
export const AGGREGATION_METHODS = ['mlpol', 'boa', 'ewa', 'fs', 'ridge', 'auto'] as const;

/** A method of {@link aggregateForecasts}. */
export type AggregationMethod = (typeof AGGREGATION_METHODS)[number];

/** What came of an aggregation. */
export interface Aggregation {
  /** One per row, made before the row's target was used. */
  readonly predictions: Float64Array;
  /** Weights after the last row: one per expert, or per method with `auto`. */
  readonly weights: Float64Array;
}

/**
 * Combines real-valued forecasts online, by square loss. `forecasts` is row-major, `experts` numbers per target; NaN
 * is a forecast not made. MLpol (Gaillard, Stoltz, van Erven 2014), BOA (Wintenberger 2017), EWA and Fixed-Share with
 * rates calibrated online (Devaine et al. 2013), ridge regression around the mean forecast.
 * Throws INVALID_ARGUMENT naming the argument, and the place in it, that is at fault.
 */
export function aggregateForecasts(
  forecasts: Float64Array,
  target: Float64Array,
  experts: number,
  method: AggregationMethod,
): Aggregation {
  const values = series('forecasts', forecasts);
  const truth = series('target', target);
  const columns = count('experts', experts, 1);
  if (!AGGREGATION_METHODS.includes(method))
    throw invalidArgument('method', method, AGGREGATION_METHODS.join(', '));
  return translated(() => loadNative().aggregateForecasts(values, truth, columns, method));
}

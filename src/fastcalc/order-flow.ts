import { columns, count, object } from './arguments.js';
import { loadNative } from './native.js';
import { translated } from './native-errors.js';

/*
 * Series run oldest first, one row an update or a bar; NaN is missing and gives NaN. Sizes and
 * volumes are finite and not negative, prices finite; anything else throws a ServiceError
 * INVALID_ARGUMENT that names the field and the row: `askSize[3]`.
 */

/** Options of {@link bulkVolumeClassification}. */
export interface BulkVolumeOptions {
  /** Price changes that make up the standard deviation; at least 2. */
  readonly volatilityPeriod: number;
}

/** (bid − ask) / (bid + ask) of the sizes at the best quotes (Gould, Bonart 2016), −1 to 1; 0 where both are 0. */
export function queueImbalance(bidSize: Float64Array, askSize: Float64Array): Float64Array {
  const c = columns({ bidSize, askSize });
  return translated(() => loadNative().queueImbalance(c.bidSize, c.askSize));
}

/**
 * Mid price weighted by the size of the other side (Stoikov 2018, first order): nearer to the
 * thinner queue. The plain mid where both sizes are 0.
 */
export function microprice(
  bidPrice: Float64Array,
  bidSize: Float64Array,
  askPrice: Float64Array,
  askSize: Float64Array,
): Float64Array {
  const c = columns({ bidPrice, bidSize, askPrice, askSize });
  return translated(() => loadNative().microprice(c.bidPrice, c.bidSize, c.askPrice, c.askSize));
}

/**
 * Order flow imbalance of each update of the best quotes, in units of size (Cont, Kukanov, Stoikov
 * 2014): positive where bids were added or asks taken. The first row is 0; sum rows up for the
 * imbalance of an interval.
 */
export function orderFlowImbalance(
  bidPrice: Float64Array,
  bidSize: Float64Array,
  askPrice: Float64Array,
  askSize: Float64Array,
): Float64Array {
  const c = columns({ bidPrice, bidSize, askPrice, askSize });
  return translated(() => loadNative().orderFlowImbalance(c.bidPrice, c.bidSize, c.askPrice, c.askSize));
}

/**
 * Volume of each bar that buyers initiated, estimated from its price change alone: volume × Φ(change
 * / σ), Φ the standard normal distribution function, σ the population standard deviation of the last
 * `volatilityPeriod` changes (Easley, Lopez de Prado, O'Hara 2012). Half where the close did not
 * move. First value at row `volatilityPeriod`.
 */
export function bulkVolumeClassification(
  close: Float64Array,
  volume: Float64Array,
  options: BulkVolumeOptions,
): Float64Array {
  const c = columns({ close, volume });
  const rows = count('volatilityPeriod', object('options', options).volatilityPeriod, 2);
  return translated(() => loadNative().bulkVolumeClassification(c.close, c.volume, rows));
}

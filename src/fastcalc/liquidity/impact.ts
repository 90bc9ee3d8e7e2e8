import { columns, count, object, scalar } from '../arguments.js';
import { loadNative } from '../native.js';
import { translated } from '../native-errors.js';

/*
 * What volume does to prices. Series run oldest first; an output has the length of its input, NaN
 * while warming up and while a missing value (NaN) is in the window. Wrong input throws
 * INVALID_ARGUMENT naming field and row.
 */

/** A rolling window. */
export interface WindowOptions {
  /** Rows of the window. */
  readonly period: number;
}

/**
 * Kyle's λ (Kyle 1985; rolling regression as in Hasbrouck 2009): slope of price changes on signed
 * volume (bought minus sold), with a constant, over the last `period` (at least 2) rows; in price per
 * unit of volume. NaN where the signed volume does not vary. First value at row `period`.
 */
export function kyleLambda(
  close: Float64Array,
  signedVolume: Float64Array,
  options: WindowOptions,
): Float64Array {
  const c = columns({ close, signedVolume });
  const period = count('period', object('options', options).period, 2);
  return translated(() => loadNative().kyleLambda(c.close, c.signedVolume, period));
}

/**
 * Illiquidity (Amihud 2002): mean of |close / previous close − 1| / (close × volume) over those of the
 * last `period` rows in which anything traded; volume in units of the asset. NaN where nothing traded
 * at all. First value at row `period`.
 */
export function amihud(close: Float64Array, volume: Float64Array, options: WindowOptions): Float64Array {
  const c = columns({ close, volume });
  const period = count('period', object('options', options).period, 1);
  return translated(() => loadNative().amihud(c.close, c.volume, period));
}

/** Options of {@link vpin}. */
export interface VpinOptions {
  /** Volume of a bucket, above 0; often a fiftieth of a day's. */
  readonly bucketVolume: number;
  /** Full buckets that are looked back on; often 50. */
  readonly buckets: number;
}

/**
 * Volume-synchronised probability of informed trading, 0 to 1 (Easley, Lopez de Prado, O'Hara 2012):
 * |bought − sold| over the last full buckets, divided by their volume, as known after each row. NaN
 * until so many are full; rows with a missing value are passed over. `buyVolume` comes from
 * `bulkVolumeClassification` or from signed trades.
 */
export function vpin(buyVolume: Float64Array, volume: Float64Array, options: VpinOptions): Float64Array {
  const c = columns({ buyVolume, volume });
  const bucketVolume = scalar('bucketVolume', object('options', options).bucketVolume);
  const buckets = count('buckets', options.buckets, 1);
  return translated(() => loadNative().vpin(c.buyVolume, c.volume, bucketVolume, buckets));
}

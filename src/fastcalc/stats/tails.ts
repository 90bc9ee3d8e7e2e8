import { count, object, scalar, series } from '../arguments.js';
import { loadNative } from '../native.js';
import { translated } from '../native-errors.js';

/** A generalised Pareto tail above a threshold. */
export interface ParetoTail {
  readonly threshold: number;
  /** Above 0. */
  readonly scale: number;
  /** Above 0 heavy, 0 exponential, below 0 with an end; at least −0.5. */
  readonly shape: number;
  /** Share of all values above the threshold. */
  readonly share: number;
  /** Of the excesses. */
  readonly logLikelihood: number;
}

/**
 * Fits the upper tail beyond the quantile of `thresholdLevel` by maximum likelihood (Pickands 1975; Coles
 * 2001). Negate a series for its lower tail. At least ten values above the threshold.
 */
export function fitTail(values: Float64Array, options: { readonly thresholdLevel: number }): ParetoTail {
  const column = series('values', values);
  const level = scalar('thresholdLevel', object('options', options).thresholdLevel);
  return translated(() => loadNative().fitTail(column, level));
}

/** The value exceeded with probability 1 − `level`, from 1 − share to 1 (McNeil, Frey 2000). */
export function tailQuantile(tail: ParetoTail, level: number): number {
  const native = { ...object('tail', tail) };
  return translated(() => loadNative().tailQuantile(native, scalar('level', level)));
}

/**
 * Mean of the values above `value` (McNeil, Frey 2000), which is at least the threshold; infinite for a
 * shape of 1 or more.
 */
export function tailMeanBeyond(tail: ParetoTail, value: number): number {
  const native = { ...object('tail', tail) };
  return translated(() => loadNative().tailMeanBeyond(native, scalar('value', value)));
}

/** Options of {@link watchTail}. */
export interface WatchTailOptions {
  /** First rows the tail is calibrated on. */
  readonly calibrationRows: number;
  /** Level of them at which the tail begins. Default 0.98. */
  readonly thresholdLevel?: number;
  /** Probability of a value beyond the alarm level. Default 0.0001. */
  readonly risk?: number;
  /** Newest peaks the tail is fitted to, at least 10. Default 500. */
  readonly mostPeaks?: number;
}

/** Alarm level and alarm of each row; NaN in the calibration rows. */
export interface WatchedTail {
  /** What the value was held against. */
  readonly level: Float64Array;
  /** 1 for an alarm, 0 for none; NaN where the value is missing. */
  readonly alarm: Float64Array;
}

/** Watches the upper tail of a stream (Siffer and others 2017, SPOT); alarms teach nothing. */
export function watchTail(values: Float64Array, options: WatchTailOptions): WatchedTail {
  const column = series('values', values);
  const { calibrationRows, thresholdLevel = 0.98, risk = 1e-4, mostPeaks = 500 } = object('options', options);
  const numbers = [
    count('calibrationRows', calibrationRows, 1),
    scalar('thresholdLevel', thresholdLevel),
    scalar('risk', risk),
    count('mostPeaks', mostPeaks, 10),
  ] as const;
  return translated(() => loadNative().watchTail(column, ...numbers));
}

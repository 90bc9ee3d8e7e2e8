import { invalidArgument, ServiceError } from '../runtime/index.js';
import { series as checkedSeries, count } from './arguments.js';
import { checkOutput } from './bundle-candles.js';
import { loadNative } from './native.js';
import { translate, translated } from './native-errors.js';
import type { NativeSweepJob } from './native-sweep.js';
import { unfilled } from './unfilled.js';

/*
 * One indicator of one series with many periods. EMA, RSI and SMA are fused, which is many times faster
 * than one period after the other; any other indicator of one series with a period is computed period
 * by period. Other parameters have their defaults; values agree with the indicator's own to 1e-12.
 * What is wrong throws a ServiceError INVALID_ARGUMENT naming `indicator`, `periods[2]`, `series[7]` …
 */

/** Options of {@link sweepAsync}. */
export interface SweepAsyncOptions {
  /** Rejects with CANCELLED; work ends within some hundred rows. */
  readonly signal?: AbortSignal;
}

/**
 * Columns of each period in turn, each as long as the series and NaN while warming up: one a period, or
 * as many as the indicator has outputs. They are parts of one array. For up to about 100 µs of work
 * (some 500,000 values); {@link sweepAsync} beyond.
 */
export function sweep(
  indicator: string,
  series: Float64Array,
  periods: readonly number[],
): readonly Float64Array[] {
  const input = checked(indicator, series, periods);
  const columns = width(indicator, periods);
  const out = unfilled(columns * input.length);
  translated(() => loadNative().sweepInto(indicator, input, periods, out));
  return split(out, columns);
}

/** {@link sweep} into an array of the caller's, column after column. */
export function sweepInto(
  indicator: string,
  series: Float64Array,
  periods: readonly number[],
  out: Float64Array,
): void {
  const input = checked(indicator, series, periods);
  checkOutput(out, [input]);
  translated(() => loadNative().sweepInto(indicator, input, periods, out));
}

/** {@link sweep} on another thread. The series is copied at the call and may change afterwards. */
export async function sweepAsync(
  indicator: string,
  series: Float64Array,
  periods: readonly number[],
  options: SweepAsyncOptions = {},
): Promise<readonly Float64Array[]> {
  const { signal } = options;
  const input = checked(indicator, series, periods);
  const columns = width(indicator, periods);
  if (signal?.aborted === true) throw cancelled();
  const job: NativeSweepJob = translated(() => new (loadNative().NativeSweepJob)(indicator, input, periods));
  const cancel = (): void => job.cancel();
  signal?.addEventListener('abort', cancel, { once: true });
  try {
    return split(await job.start(), columns);
  } catch (error) {
    throw translate(error);
  } finally {
    signal?.removeEventListener('abort', cancel);
  }
}

function checked(indicator: unknown, values: unknown, periods: unknown): Float64Array {
  if (typeof indicator !== 'string') throw invalidArgument('indicator', indicator, 'a name like ema');
  if (!Array.isArray(periods)) throw invalidArgument('periods', periods, 'an array of integers');
  periods.forEach((period, at) => {
    count(`periods[${at}]`, period, 1);
  });
  return checkedSeries('series', values);
}

/** Columns of all periods. */
function width(indicator: string, periods: readonly number[]): number {
  return periods.length * translated(() => loadNative().sweepOutputs(indicator, periods));
}

function split(out: Float64Array, columns: number): readonly Float64Array[] {
  const rows = out.length / columns;
  return Array.from({ length: columns }, (_, at) => out.subarray(at * rows, (at + 1) * rows));
}

function cancelled(): ServiceError {
  return new ServiceError('CANCELLED', 'the call was cancelled', { field: 'signal' });
}

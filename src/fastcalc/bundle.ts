import { types } from 'node:util';

import { invalidArgument, ServiceError } from '../runtime/index.js';
import { checkOutput, type IndicatorCandles, packCandles } from './bundle-candles.js';
import { loadNative } from './native.js';
import type { NativeBundle, NativeBundleJob } from './native-bundle.js';
import { translate, translated } from './native-errors.js';

/*
 * A spec is a list like `rsi(14),macd(12,26,9),sma(20,real=high)`: parameters by place or by name,
 * those left out have defaults; `real=` chooses the column that an indicator of one series reads.
 * Outputs have the length of the candles, NaN while warming up and on rows with a missing value.
 * After such a row an indicator warms up anew; running sums (AD, OBV …) carry on.
 * What is wrong throws a ServiceError INVALID_ARGUMENT naming `spec`, `rsi.period`, `close[3]` …
 */

/** One output column of a spec. */
export interface BundleColumn {
  /** `rsi(14)`, or `macd(12,26,9).macdsignal` where there are several. */
  readonly heading: string;
  /** Rows before its first value. */
  readonly lookback: number;
}

/** Options of {@link bundleAsync}. */
export interface BundleAsyncOptions {
  /** Rejects with CANCELLED; work on it ends at the next indicator. */
  readonly signal?: AbortSignal;
}

/** Output columns of a spec, in order. */
export function bundleColumns(spec: string): readonly BundleColumn[] {
  const native = create(spec);
  return translated(() => native.columns());
}

/** Names of the columns of candles that a spec reads. */
export function bundleInputs(spec: string): readonly (keyof IndicatorCandles)[] {
  const native = create(spec);
  return translated(() => native.inputs() as (keyof IndicatorCandles)[]);
}

/** Rows before the slowest indicator of a spec gives its first value. */
export function lookback(spec: string): number {
  return Math.max(...bundleColumns(spec).map((column) => column.lookback));
}

/** All indicators of a spec, by heading; the columns are parts of one array. */
export function bundle(candles: IndicatorCandles, spec: string): ReadonlyMap<string, Float64Array> {
  return new IndicatorStream(spec).push(candles);
}

/** {@link bundle} into an array of the caller's: column after column, each as long as the candles. */
export function bundleInto(candles: IndicatorCandles, spec: string, out: Float64Array): void {
  new IndicatorStream(spec).pushInto(candles, out);
}

/**
 * {@link bundle} on another thread, for work above about 100 µs (some 10,000 values). The candles
 * are copied at the call and may change afterwards.
 */
export async function bundleAsync(
  candles: IndicatorCandles,
  spec: string,
  options: BundleAsyncOptions = {},
): Promise<ReadonlyMap<string, Float64Array>> {
  const { signal } = options;
  if (signal?.aborted === true) throw cancelled();
  const headings = bundleColumns(spec).map((column) => column.heading);
  const { columns, rows } = packCandles(candles);
  const job: NativeBundleJob = translated(() => new (loadNative().NativeBundleJob)(spec, ...columns));
  const cancel = (): void => job.cancel();
  signal?.addEventListener('abort', cancel, { once: true });
  try {
    return split(headings, await job.start(), rows);
  } catch (error) {
    throw translate(error);
  } finally {
    signal?.removeEventListener('abort', cancel);
  }
}

/**
 * Indicators that are given rows as they come, one or many at a time, with the same result as all at
 * once. A call that throws changes nothing.
 */
export class IndicatorStream {
  readonly #native: NativeBundle;
  readonly columns: readonly BundleColumn[];

  /** Before its first row. `native` is for `restore` alone. */
  constructor(spec: string, native: NativeBundle = create(spec)) {
    this.#native = native;
    this.columns = native.columns();
  }

  /** The stream a snapshot was taken of. Throws DATA_LOSS where the bytes are not what they were. */
  static restore(bytes: Uint8Array): IndicatorStream {
    if (!types.isUint8Array(bytes)) throw invalidArgument('snapshot', bytes, 'a Uint8Array');
    // A copy, because memory shared with another thread could change meanwhile.
    const native = translated(() => loadNative().NativeBundle.restore(new Uint8Array(bytes)));
    return new IndicatorStream('', native);
  }

  /** The next rows; values by heading. */
  push(candles: IndicatorCandles): ReadonlyMap<string, Float64Array> {
    const { columns, rows } = packCandles(candles);
    const out = new Float64Array(rows * this.columns.length);
    translated(() => this.#native.run(out, ...columns));
    return split(
      this.columns.map((column) => column.heading),
      out,
      rows,
    );
  }

  /** The next rows into an array of the caller's, column after column. */
  pushInto(candles: IndicatorCandles, out: Float64Array): void {
    const { columns } = packCandles(candles);
    const [timeMs, open, high, low, close, volume, real0, real1] = columns;
    checkOutput(out, columns);
    try {
      this.#native.run(out, timeMs, open, high, low, close, volume, real0, real1);
    } catch (error) {
      throw translate(error);
    }
  }

  /** All of the state, to be restored bit for bit. */
  snapshot(): Uint8Array {
    return translated(() => this.#native.snapshot());
  }
}

function create(spec: unknown): NativeBundle {
  if (typeof spec !== 'string') throw invalidArgument('spec', spec, 'text like rsi(14),macd(12,26,9)');
  return translated(() => new (loadNative().NativeBundle)(spec));
}

function split(
  headings: readonly string[],
  out: Float64Array,
  rows: number,
): ReadonlyMap<string, Float64Array> {
  return new Map(headings.map((heading, at) => [heading, out.subarray(at * rows, (at + 1) * rows)] as const));
}

function cancelled(): ServiceError {
  return new ServiceError('CANCELLED', 'the call was cancelled', { field: 'signal' });
}

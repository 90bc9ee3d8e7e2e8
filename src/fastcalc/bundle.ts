import { types } from 'node:util';

import { invalidArgument, ServiceError } from '../runtime/index.js';
import { checkOutput, type IndicatorCandles, packCandles, type Reads, readsOf } from './bundle-candles.js';
import { loadNative } from './native.js';
import type { NativeBundle, NativeBundleJob, NativeColumns } from './native-bundle.js';
import { translate, translated } from './native-errors.js';
import { unfilled } from './unfilled.js';

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
  const { native, headings, reads } = planOf(spec);
  const { columns, rows } = packCandles(candles, reads);
  const out = unfilled(rows * headings.length + SPARE);
  return split(headings, out, run(native, true, SPARE, out, columns), rows);
}

/** {@link bundle} into an array of the caller's: column after column, each as long as the candles. */
export function bundleInto(candles: IndicatorCandles, spec: string, out: Float64Array): void {
  const { native, reads } = planOf(spec);
  const { columns } = packCandles(candles, reads);
  run(native, true, 0, checkOutput(out, columns), columns);
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
  const { headings, reads } = planOf(spec);
  const { columns, rows } = packCandles(candles, reads);
  const job: NativeBundleJob = translated(() => new (loadNative().NativeBundleJob)(spec, ...columns));
  const cancel = (): void => job.cancel();
  signal?.addEventListener('abort', cancel, { once: true });
  try {
    return split(headings, await job.start(), 0, rows);
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
  readonly #headings: readonly string[];
  readonly #reads: Reads;
  /** Of the last {@link pushInto}. */
  #last: Last | undefined;

  /** Before its first row. `native` is for `restore` alone. */
  constructor(spec: string, native: NativeBundle = create(spec)) {
    this.#native = native;
    this.columns = native.columns();
    this.#headings = this.columns.map((column) => column.heading);
    this.#reads = readsOf(native.inputs());
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
    const { columns, rows } = packCandles(candles, this.#reads);
    const out = unfilled(rows * this.columns.length + SPARE);
    return split(this.#headings, out, run(this.#native, false, SPARE, out, columns), rows);
  }

  /**
   * The next rows into an array of the caller's, column after column. Arrays that are used again and
   * again, with other contents, cost the least; the last ones are kept from being collected.
   */
  pushInto(candles: IndicatorCandles, out: Float64Array): void {
    const last = this.#last;
    if (last !== undefined && isSame(last, candles, out)) {
      this.#again(last);
      return;
    }
    const { columns, rows } = packCandles(candles, this.#reads);
    run(this.#native, false, 0, checkOutput(out, columns), columns);
    // Copies of shared memory would not change with it.
    const own = columns.every((column, at) => column === undefined || column === columnOf(candles, at));
    this.#last =
      own && rows > 0 ? { candles: columns, out, outLength: out.length, rows, bound: false } : undefined;
  }

  #again(last: Last): void {
    try {
      if (!last.bound) this.#native.bind(last.out, ...last.candles);
      last.bound = true;
      this.#native.again();
    } catch (error) {
      throw translate(error);
    }
  }

  /** All of the state, to be restored bit for bit. */
  snapshot(): Uint8Array {
    return translated(() => this.#native.snapshot());
  }
}

/** Arrays that have passed all checks, and their lengths then. */
interface Last {
  readonly candles: NativeColumns;
  readonly rows: number;
  readonly out: Float64Array;
  readonly outLength: number;
  /** Whether the addon keeps them. */
  bound: boolean;
}

/** What {@link bundle} needs of a spec. */
interface Plan {
  readonly native: NativeBundle;
  readonly headings: readonly string[];
  readonly reads: Reads;
}

/** Values more than results have, so that they can begin with a line of the cache: a line less one. */
const SPARE = 7;

/** Reading a spec costs as much as some thousand rows: the latest ones are kept, in order of their use. */
const plans = new Map<string, Plan>();
const MOST_PLANS = 32;

function planOf(spec: string): Plan {
  let plan = plans.get(spec);
  if (plan === undefined) {
    const native = create(spec);
    const headings = native.columns().map((column) => column.heading);
    plan = { native, headings, reads: readsOf(native.inputs()) };
    const [oldest] = plans.keys();
    if (plans.size >= MOST_PLANS && oldest !== undefined) plans.delete(oldest);
    plans.set(spec, plan);
  }
  return plan;
}

function run(
  native: NativeBundle,
  afresh: boolean,
  spare: number,
  out: Float64Array,
  columns: NativeColumns,
): number {
  const [timeMs, open, high, low, close, volume, real0, real1] = columns;
  try {
    return native.run(afresh, spare, out, timeMs, open, high, low, close, volume, real0, real1);
  } catch (error) {
    throw translate(error);
  }
}

function columnOf(candles: IndicatorCandles, at: number): Float64Array | undefined {
  const { timeMs, open, high, low, close, volume, real0, real1 } = candles;
  return [timeMs, open, high, low, close, volume, real0, real1][at];
}

/** Whether these are the arrays of the last call, of the same lengths: a detached one has none. */
function isSame(last: Last, candles: IndicatorCandles, out: Float64Array): boolean {
  if (typeof candles !== 'object' || candles === null || out !== last.out) return false;
  if (out.length !== last.outLength) return false;
  const [timeMs, open, high, low, close, volume, real0, real1] = last.candles;
  const { rows } = last;
  return (
    is(candles.timeMs, timeMs, rows) &&
    is(candles.open, open, rows) &&
    is(candles.high, high, rows) &&
    is(candles.low, low, rows) &&
    is(candles.close, close, rows) &&
    is(candles.volume, volume, rows) &&
    is(candles.real0, real0, rows) &&
    is(candles.real1, real1, rows)
  );
}

/** A column that is not read was not kept, and may be anything. */
function is(now: Float64Array | undefined, last: Float64Array | undefined, rows: number): boolean {
  return last === undefined || (now === last && now.length === rows);
}

function create(spec: unknown): NativeBundle {
  if (typeof spec !== 'string') throw invalidArgument('spec', spec, 'text like rsi(14),macd(12,26,9)');
  return translated(() => new (loadNative().NativeBundle)(spec));
}

function split(
  headings: readonly string[],
  out: Float64Array,
  start: number,
  rows: number,
): ReadonlyMap<string, Float64Array> {
  const columns = new Map<string, Float64Array>();
  const { buffer } = out;
  let byteOffset = out.byteOffset + start * Float64Array.BYTES_PER_ELEMENT;
  // As `subarray` would, which takes longer to find out what it is to make.
  for (const heading of headings) {
    columns.set(heading, new Float64Array(buffer, byteOffset, rows));
    byteOffset += rows * Float64Array.BYTES_PER_ELEMENT;
  }
  return columns;
}

function cancelled(): ServiceError {
  return new ServiceError('CANCELLED', 'the call was cancelled', { field: 'signal' });
}

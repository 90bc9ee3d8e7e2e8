import { invalidArgument } from '../runtime/index.js';
import { object, series } from './arguments.js';
import type { NativeColumns } from './native-bundle.js';

/**
 * Columns that indicators read, all of one length, oldest row first, NaN where a value is missing.
 * Only those that the indicators of a spec read must be there; nothing is asked of the others.
 */
export interface IndicatorCandles {
  /** Open time of the bar, Unix milliseconds UTC; sessions begin at 00:00. */
  readonly timeMs?: Float64Array;
  readonly open?: Float64Array;
  readonly high?: Float64Array;
  readonly low?: Float64Array;
  readonly close?: Float64Array;
  /** Traded amount, at least 0. */
  readonly volume?: Float64Array;
  /** Any series, for `real=real0` in a spec. */
  readonly real0?: Float64Array;
  /** Any series, for `real1=real1` in a spec. */
  readonly real1?: Float64Array;
}

/** The columns in the order of the addon. */
export const CANDLE_COLUMNS = [
  'timeMs',
  'open',
  'high',
  'low',
  'close',
  'volume',
  'real0',
  'real1',
] as const satisfies readonly (keyof IndicatorCandles)[];

/** For each column whether it is read. */
export type Reads = readonly boolean[];

/** Which columns are read of those that are named. */
export function readsOf(names: readonly string[]): Reads {
  return CANDLE_COLUMNS.map((name) => names.includes(name));
}

/** The columns that are read, checked, in the order of the addon, and their length. */
export function packCandles(
  candles: IndicatorCandles,
  reads: Reads,
): { columns: NativeColumns; rows: number } {
  object('candles', candles);
  const { timeMs, open, high, low, close, volume, real0, real1 } = candles;
  const columns: NativeColumns = [
    reads[0] ? column('timeMs', timeMs) : undefined,
    reads[1] ? column('open', open) : undefined,
    reads[2] ? column('high', high) : undefined,
    reads[3] ? column('low', low) : undefined,
    reads[4] ? column('close', close) : undefined,
    reads[5] ? column('volume', volume) : undefined,
    reads[6] ? column('real0', real0) : undefined,
    reads[7] ? column('real1', real1) : undefined,
  ];
  let rows = 0;
  for (const values of columns) if (values !== undefined && values.length > rows) rows = values.length;
  return { columns, rows };
}

function column(field: string, values: Float64Array | undefined): Float64Array | undefined {
  return values === undefined ? undefined : series(field, values);
}

/** The caller's output: no memory of other threads, and none that is also read from. */
export function checkOutput(out: Float64Array, columns: readonly (Float64Array | undefined)[]): Float64Array {
  if (series('out', out) !== out) throw invalidArgument('out', out, 'memory of this thread alone');
  const end = out.byteOffset + out.byteLength;
  for (const values of columns) {
    if (values === undefined || values.buffer !== out.buffer) continue;
    if (values.byteOffset < end && out.byteOffset < values.byteOffset + values.byteLength) {
      throw invalidArgument('out', 'memory of an input', 'memory of its own');
    }
  }
  return out;
}

import { Uint8Column } from '../../protocol/index.js';
import type { Problem } from './rule.js';

const ALLOWED = 'a column or an array of numbers';
const SAFE = BigInt(Number.MAX_SAFE_INTEGER);

/** Elements of anything that may stand for a column, or -1. */
export function columnLength(value: unknown): number {
  if (value instanceof Float64Array || Array.isArray(value)) return value.length;
  return isColumn(value) ? value.length : -1;
}

/** The column as float64 (itself if it is one already), or why it has none. */
export function toFloat64(value: unknown): Float64Array | Problem {
  if (value instanceof Float64Array) return value;
  if (Array.isArray(value)) return fromArray(value);
  if (value instanceof BigInt64Array) return fromInt64(value);
  if (value instanceof Uint8Column) return Float64Array.from(value.values);
  if (value instanceof Float32Array || value instanceof Int32Array) return Float64Array.from(value);
  return { actual: value, allowed: ALLOWED };
}

type OtherColumn = Float32Array | Int32Array | BigInt64Array | Uint8Column;

function isColumn(value: unknown): value is OtherColumn {
  return (
    value instanceof Float32Array ||
    value instanceof Int32Array ||
    value instanceof BigInt64Array ||
    value instanceof Uint8Column
  );
}

function fromArray(items: readonly unknown[]): Float64Array | Problem {
  const column = new Float64Array(items.length);
  for (let i = 0; i < items.length; i++) {
    const item = items[i];
    if (typeof item !== 'number') return { at: `[${i}]`, actual: item, allowed: 'a number' };
    column[i] = item;
  }
  return column;
}

function fromInt64(items: BigInt64Array): Float64Array | Problem {
  const column = new Float64Array(items.length);
  for (let i = 0; i < items.length; i++) {
    const item = items[i] as bigint;
    if (item > SAFE || item < -SAFE)
      return { at: `[${i}]`, actual: item, allowed: 'an integer within ±(2^53 - 1)' };
    column[i] = Number(item);
  }
  return column;
}

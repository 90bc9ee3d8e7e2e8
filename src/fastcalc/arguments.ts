import { types } from 'node:util';

import { invalidArgument } from '../runtime/index.js';

/** The addon takes counts as unsigned 32-bit integers. */
const MOST = 2 ** 32 - 1;

/**
 * A series the addon may borrow. Memory shared with other threads is copied: it could change under
 * the kernel. Throws INVALID_ARGUMENT naming `field`.
 */
export function series(field: string, value: unknown): Float64Array {
  if (!types.isFloat64Array(value)) throw invalidArgument(field, value, 'a Float64Array');
  if (value.length === 0 && isDetached(value.buffer)) {
    throw invalidArgument(field, value, 'a Float64Array whose buffer was not transferred away');
  }
  // An ArrayBuffer is not shared, which is told without asking C++.
  const { buffer } = value;
  return !(buffer instanceof ArrayBuffer) && types.isSharedArrayBuffer(buffer) ? value.slice() : value;
}

/** Several series, checked one by one; the addon compares their lengths. */
export function columns<Field extends string>(
  values: Readonly<Record<Field, unknown>>,
): Record<Field, Float64Array> {
  const checked = {} as Record<Field, Float64Array>;
  for (const field of Object.keys(values) as Field[]) checked[field] = series(field, values[field]);
  return checked;
}

/** A whole number from `least` to `most`. Throws INVALID_ARGUMENT naming `field`. */
export function count(field: string, value: unknown, least: number, most = MOST): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) return value;
  throw invalidArgument(field, value, `an integer from ${least} to ${most}`);
}

/** A number; its range is the addon's to check. Throws INVALID_ARGUMENT naming `field`. */
export function scalar(field: string, value: unknown): number {
  if (typeof value === 'number') return value;
  throw invalidArgument(field, value, 'a number');
}

/** An object of options. Throws INVALID_ARGUMENT naming `field`. */
export function object<T extends object>(field: string, value: T): T {
  if (typeof value === 'object' && value !== null) return value;
  throw invalidArgument(field, value, 'an object');
}

/** A transferred buffer has length 0 like an empty one; only a new view tells them apart. */
function isDetached(buffer: ArrayBufferLike): boolean {
  try {
    return new Uint8Array(buffer).length < 0;
  } catch {
    // A TypeError is the answer here, not a failure.
    return true;
  }
}

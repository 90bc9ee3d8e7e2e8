import { types } from 'node:util';

import { series } from '../arguments.js';

/**
 * A copy of arguments that no one else can change: arrays of numbers, at any depth of plain objects and
 * lists, are copied, memory shared between threads included. Throws INVALID_ARGUMENT for memory that was
 * transferred away; anything else is left for the kernel to judge.
 */
export function ownCopy(field: string, value: unknown): unknown {
  if (types.isFloat64Array(value)) {
    const checked = series(field, value);
    return checked === value ? checked.slice() : checked;
  }
  if (Array.isArray(value)) return value.map((item, at) => ownCopy(`${field}[${at}]`, item));
  if (!isPlain(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, ownCopy(key, item)]));
}

function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

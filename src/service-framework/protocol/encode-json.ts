import { invalidArgument } from '../../runtime/index.js';
import { Uint8Column } from './columns.js';
import { isForbiddenKey } from './forbidden-keys.js';
import { isMapLike } from './map-like.js';
import { unencodable } from './unencodable.js';

/**
 * The JSON text of a plain value: columns and bytes as arrays of numbers, undefined fields left out.
 *
 * @throws ServiceError INVALID_ARGUMENT for what JSON cannot say: also NaN, infinities and int64
 *   elements beyond 2^53
 */
export function encodeJson(value: unknown, depth = 32): string {
  const plain = toPlain(value, depth);
  if (plain !== REFUSED) return JSON.stringify(plain) ?? 'null';
  throw unencodable(value, depth);
}

/** Marks a value that holds something JSON cannot say. */
const REFUSED = Symbol('refused');

function toPlain(value: unknown, depthLeft: number): unknown {
  switch (typeof value) {
    case 'number':
      return Number.isFinite(value) ? value : REFUSED;
    case 'object':
      return value === null ? null : plainObject(value, depthLeft);
    case 'bigint':
    case 'function':
    case 'symbol':
      return REFUSED;
    default:
      return value;
  }
}

function plainObject(value: object, depthLeft: number): unknown {
  if (Array.isArray(value)) return depthLeft === 0 ? REFUSED : plainArray(value, depthLeft);
  if (value instanceof Uint8Column) return [...value.values];
  if (value instanceof BigInt64Array) return Array.from(value, safeNumber);
  if (value instanceof Float64Array || value instanceof Float32Array)
    return value.every(Number.isFinite) ? Array.from(value) : REFUSED;
  if (value instanceof Int32Array || value instanceof Uint8Array) return Array.from(value);
  if (!isMapLike(value) || depthLeft === 0) return REFUSED;
  const members: Record<string, unknown> = {};
  for (const key of Object.keys(value)) {
    const member = value[key];
    if (member === undefined) continue;
    if (isForbiddenKey(key)) return REFUSED;
    const plain = toPlain(member, depthLeft - 1);
    if (plain === REFUSED) return REFUSED;
    members[key] = plain;
  }
  return members;
}

function plainArray(items: readonly unknown[], depthLeft: number): unknown {
  const plain = new Array<unknown>(items.length);
  for (let i = 0; i < items.length; i++) {
    const item = toPlain(items[i], depthLeft - 1);
    if (item === REFUSED) return REFUSED;
    plain[i] = item;
  }
  return plain;
}

function safeNumber(element: bigint): number {
  const number = Number(element);
  if (!Number.isSafeInteger(number))
    throw invalidArgument('body', element, 'an integer within ±(2^53 - 1) in JSON');
  return number;
}

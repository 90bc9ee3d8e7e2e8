import { invalidArgument, type ServiceError } from '../../runtime/index.js';
import { DEFAULT_LIMITS, isForbiddenKey, Uint8Column } from '../protocol/index.js';

const MAX_DEPTH = DEFAULT_LIMITS.depth;

/**
 * A deep copy as the wire would make it: instances become plain maps, undefined fields vanish, columns
 * are copied whole. So two sides of an in-process call share nothing that either could change.
 *
 * @throws ServiceError INVALID_ARGUMENT for what the wire could not carry: functions, symbols, bigints,
 *   dates, sets, nesting deeper than 32, forbidden keys
 */
export function copyPayload(value: unknown, path = '', depth = 0): unknown {
  switch (typeof value) {
    case 'string':
    case 'boolean':
    case 'number':
    case 'undefined':
      return value;
    case 'object':
      if (value === null) return null;
      return copyObject(value, path, depth);
    default:
      throw refuse(path, value, 'null, a boolean, number, string, array, column or map');
  }
}

function copyObject(value: object, path: string, depth: number): unknown {
  if (ArrayBuffer.isView(value)) return copyColumn(value, path);
  if (depth >= MAX_DEPTH) throw refuse(path, value, `nested at most ${MAX_DEPTH} deep`);
  if (Array.isArray(value)) {
    const copy = new Array<unknown>(value.length);
    for (let i = 0; i < value.length; i++)
      copy[i] = copyPayload(value[i] ?? null, `${path}[${i}]`, depth + 1);
    return copy;
  }
  if (value instanceof Uint8Column) return new Uint8Column(value.values.slice());
  if (value instanceof Map || value instanceof Set || value instanceof Date || value instanceof Promise)
    throw refuse(path, value, 'a plain map');
  const source = value as Readonly<Record<string, unknown>>;
  const copy: Record<string, unknown> = {};
  for (const key of Object.keys(source)) {
    if (isForbiddenKey(key)) throw refuse(join(path, key), source[key], 'another key');
    const field = source[key];
    if (field !== undefined) copy[key] = copyPayload(field, join(path, key), depth + 1);
  }
  return copy;
}

function copyColumn(value: ArrayBufferView, path: string): unknown {
  if (value instanceof Float64Array) return value.slice();
  // A Buffer's own slice() is a view.
  if (value instanceof Uint8Array) return new Uint8Array(value);
  if (value instanceof Float32Array || value instanceof Int32Array || value instanceof BigInt64Array)
    return value.slice();
  throw refuse(path, value, 'a column of float64, float32, int32, int64 or uint8');
}

function join(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`;
}

function refuse(path: string, actual: unknown, allowed: string): ServiceError {
  return invalidArgument(path === '' ? 'body' : path, actual, allowed);
}

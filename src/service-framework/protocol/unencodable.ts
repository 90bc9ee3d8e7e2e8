import { invalidArgument, type ServiceError } from '../../runtime/index.js';
import { columnType } from './columns.js';
import { isForbiddenKey } from './forbidden-keys.js';
import { isMapLike } from './map-like.js';
import { nonFinitePath, notFinite } from './non-finite.js';

const ALLOWED = 'a plain value, array, column or map';

/** The error for a value that an encoder has refused: names what in it has no place in a message. */
export function unencodable(value: unknown, depth: number): ServiceError {
  const found = find(value, '', depth);
  if (found) return found;
  // The value is a tree of plain values, or its nesting would have been found.
  const path = nonFinitePath(value);
  return path === undefined ? invalidArgument('body', value, ALLOWED) : notFinite(path);
}

function find(value: unknown, path: string, depthLeft: number): ServiceError | undefined {
  const field = path === '' ? 'body' : path;
  if (typeof value === 'function' || typeof value === 'symbol' || typeof value === 'bigint')
    return invalidArgument(field, value, ALLOWED);
  if (typeof value !== 'object' || value === null) return undefined;
  if (columnType(value) !== 0 || value instanceof Uint8Array) return undefined;
  if (depthLeft === 0) return invalidArgument(field, value, 'nested less deeply');
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) {
      const found = find(value[i], `${path}[${i}]`, depthLeft - 1);
      if (found) return found;
    }
    return undefined;
  }
  if (!isMapLike(value)) return invalidArgument(field, value, ALLOWED);
  for (const [key, member] of Object.entries(value)) {
    const memberPath = path === '' ? key : `${path}.${key}`;
    if (member !== undefined && isForbiddenKey(key))
      return invalidArgument(memberPath, key, 'another key than this one');
    const found = find(member, memberPath, depthLeft - 1);
    if (found) return found;
  }
  return undefined;
}

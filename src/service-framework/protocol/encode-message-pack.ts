import { COLUMN_TYPES, type Column, columnBytes, columnType, Uint8Column } from './columns.js';
import { isForbiddenKey } from './forbidden-keys.js';
import { isMapLike } from './map-like.js';
import { LARGEST_SMALL_MAP, type MessagePackWriter } from './message-pack-writer.js';
import { unencodable } from './unencodable.js';

export interface EncodeOptions {
  /** Deepest nesting of maps and arrays; default 32. */
  readonly depth?: number;
  /** Writes map keys in order of their UTF-16 units: equal values give equal bytes. */
  readonly sortKeys?: boolean;
}

/**
 * Appends a plain value. Class instances are written as maps of their own fields, undefined fields
 * are left out, columns become extensions, `Uint8Array` becomes `bin`.
 *
 * @throws ServiceError INVALID_ARGUMENT for what has no place in a message: functions, dates, bigints,
 *   Map and Set, cycles, forbidden keys; `field` is its path
 */
export function encodeMessagePack(
  writer: MessagePackWriter,
  value: unknown,
  options: EncodeOptions = {},
): void {
  const depth = options.depth ?? 32;
  if (!write(writer, value, depth, options.sortKeys === true)) throw unencodable(value, depth);
}

/** False when something cannot be written; who and why is looked up afterwards, off the fast path. */
function write(writer: MessagePackWriter, value: unknown, depthLeft: number, sortKeys: boolean): boolean {
  switch (typeof value) {
    case 'string':
      writer.text(value);
      return true;
    case 'number':
      writer.number(value);
      return true;
    case 'boolean':
      writer.boolean(value);
      return true;
    case 'undefined':
      writer.nil();
      return true;
    case 'object':
      if (value === null) {
        writer.nil();
        return true;
      }
      return writeObject(writer, value, depthLeft, sortKeys);
    default:
      return false;
  }
}

function writeObject(
  writer: MessagePackWriter,
  value: object,
  depthLeft: number,
  sortKeys: boolean,
): boolean {
  if (Array.isArray(value)) {
    if (depthLeft === 0) return false;
    writer.arrayHeader(value.length);
    for (let i = 0; i < value.length; i++)
      if (!write(writer, value[i], depthLeft - 1, sortKeys)) return false;
    return true;
  }
  if (!ArrayBuffer.isView(value) && !(value instanceof Uint8Column))
    return depthLeft > 0 && isMapLike(value) && writeMap(writer, value, depthLeft, sortKeys);
  if (value instanceof Float64Array) {
    writer.extension(COLUMN_TYPES.float64, columnBytes(value));
    return true;
  }
  const type = columnType(value);
  if (type !== 0) {
    writer.extension(type, columnBytes(value as Column));
    return true;
  }
  if (value instanceof Uint8Array) {
    writer.binary(value);
    return true;
  }
  return false;
}

const isOwn = Object.prototype.hasOwnProperty;

function writeMap(
  writer: MessagePackWriter,
  map: Readonly<Record<string, unknown>>,
  depthLeft: number,
  sortKeys: boolean,
): boolean {
  if (sortKeys) return writeKeys(writer, map, Object.keys(map).sort(), depthLeft, true);
  const begin = writer.beginSmallMap();
  let count = 0;
  // In such a loop a member is found by its place, elsewhere by its name.
  for (const key in map) {
    if (!isOwn.call(map, key)) continue;
    const member = map[key];
    if (member === undefined) continue;
    if (isForbiddenKey(key)) return false;
    if (++count > LARGEST_SMALL_MAP) {
      writer.rewind(begin);
      return writeKeys(writer, map, Object.keys(map), depthLeft, false);
    }
    writer.text(key);
    if (!write(writer, member, depthLeft - 1, sortKeys)) return false;
  }
  writer.endSmallMap(begin, count);
  return true;
}

function writeKeys(
  writer: MessagePackWriter,
  map: Readonly<Record<string, unknown>>,
  keys: readonly string[],
  depthLeft: number,
  sortKeys: boolean,
): boolean {
  let count = 0;
  for (const key of keys) if (map[key] !== undefined) count++;
  writer.mapHeader(count);
  for (const key of keys) {
    const member = map[key];
    if (member === undefined) continue;
    if (isForbiddenKey(key)) return false;
    writer.text(key);
    if (!write(writer, member, depthLeft - 1, sortKeys)) return false;
  }
  return true;
}

import { ServiceError } from '../../runtime/index.js';
import { JOURNAL_LIMITS } from './limits.js';

/** MessagePack extension types of columns, as on the wire. */
export const COLUMN_TYPES = { float64: 1, float32: 2, int32: 3, int64: 4 } as const;

const INITIAL_BYTES = 4096;
const littleEndian = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

function refuse(path: string, what: string): ServiceError {
  const field = path === '' ? 'body' : `body${path}`;
  return new ServiceError('INVALID_ARGUMENT', `${field}: ${what} cannot be journalled`, { field });
}

function isWellFormed(text: string): boolean {
  // In the language since ES2024, in Node since 20; the type library in use is older.
  return (text as unknown as { isWellFormed(): boolean }).isWellFormed();
}

/**
 * MessagePack as @msgpack/msgpack reads it, except that a number comes back bit for bit: that
 * package's own encoder turns -0 into 0, and a replay with it would part from the live run.
 * Whatever has no faithful form is refused by its path.
 */
export class BodyEncoder {
  #bytes = Buffer.allocUnsafeSlow(INITIAL_BYTES);
  #view = new DataView(this.#bytes.buffer);
  #length = 0;

  /** The bytes of `value`, in an array of their own. */
  encode(value: unknown): Uint8Array<ArrayBuffer> {
    this.#length = 0;
    this.#value(value, '', 0);
    const copy = new Uint8Array(this.#length);
    copy.set(this.#bytes.subarray(0, this.#length));
    return copy;
  }

  #reserve(count: number): number {
    const start = this.#length;
    const needed = start + count;
    if (needed > JOURNAL_LIMITS.bodyBytes)
      throw new ServiceError(
        'INVALID_ARGUMENT',
        `body: more than ${JOURNAL_LIMITS.bodyBytes} bytes; must be at most that`,
        { field: 'body' },
      );
    if (needed > this.#bytes.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(needed, this.#bytes.length * 2));
      larger.set(this.#bytes.subarray(0, start));
      this.#bytes = larger;
      this.#view = new DataView(larger.buffer);
    }
    this.#length = needed;
    return start;
  }

  #value(value: unknown, path: string, depth: number): void {
    if (depth > JOURNAL_LIMITS.depth)
      throw refuse(path, `nesting beyond ${JOURNAL_LIMITS.depth} levels (or a cycle)`);
    if (value === null || value === undefined) this.#byte(0xc0);
    else if (typeof value === 'number') this.#number(value);
    else if (typeof value === 'string') this.#string(value, path);
    else if (typeof value === 'boolean') this.#byte(value ? 0xc3 : 0xc2);
    else if (typeof value !== 'object') throw refuse(path, `a ${typeof value}`);
    else if (Array.isArray(value)) this.#array(value, path, depth);
    else if (ArrayBuffer.isView(value)) this.#bulk(value, path);
    else this.#map(value, path, depth);
  }

  #byte(byte: number): void {
    // Two steps: reserving may exchange the buffer.
    const at = this.#reserve(1);
    this.#bytes[at] = byte;
  }

  #header16(type: number, count: number): void {
    const at = this.#reserve(3);
    this.#bytes[at] = type;
    this.#view.setUint16(at + 1, count);
  }

  #header32(type: number, count: number): void {
    const at = this.#reserve(5);
    this.#bytes[at] = type;
    this.#view.setUint32(at + 1, count);
  }

  #number(value: number): void {
    if (!Number.isInteger(value) || Object.is(value, -0) || value < -0x80000000 || value > 0xffffffff) {
      const at = this.#reserve(9);
      this.#bytes[at] = 0xcb;
      this.#view.setFloat64(at + 1, value);
    } else if (value >= 0) {
      if (value < 0x80) this.#byte(value);
      else if (value < 0x10000) this.#header16(0xcd, value);
      else this.#header32(0xce, value);
    } else if (value >= -0x20) this.#byte(value & 0xff);
    else this.#header32(0xd2, value);
  }

  #string(text: string, path: string): void {
    if (!isWellFormed(text)) throw refuse(path, 'a string with half a surrogate pair');
    const count = Buffer.byteLength(text);
    if (count < 0x20) this.#byte(0xa0 | count);
    else if (count < 0x10000) this.#header16(0xda, count);
    else this.#header32(0xdb, count);
    const at = this.#reserve(count);
    this.#bytes.write(text, at, count, 'utf8');
  }

  #array(items: readonly unknown[], path: string, depth: number): void {
    if (items.length < 0x10) this.#byte(0x90 | items.length);
    else if (items.length < 0x10000) this.#header16(0xdc, items.length);
    else this.#header32(0xdd, items.length);
    for (let i = 0; i < items.length; i++) this.#value(items[i], `${path}[${i}]`, depth + 1);
  }

  /** Own enumerable fields, in their order, undefined ones left out. */
  #map(value: object, path: string, depth: number): void {
    const tag = Object.prototype.toString.call(value);
    if (tag !== '[object Object]') throw refuse(path, `a ${tag.slice(8, -1)}`);
    const fields = Object.entries(value).filter(([, inner]) => inner !== undefined);
    if (fields.length < 0x10) this.#byte(0x80 | fields.length);
    else if (fields.length < 0x10000) this.#header16(0xde, fields.length);
    else this.#header32(0xdf, fields.length);
    for (const [name, inner] of fields) {
      if (name === '__proto__') throw refuse(path, 'a field named __proto__');
      this.#string(name, path);
      this.#value(inner, `${path}.${name}`, depth + 1);
    }
  }

  /** Bytes stay bytes (bin); number arrays become columns, little-endian on every machine. */
  #bulk(array: ArrayBufferView, path: string): void {
    if (array instanceof Uint8Array) {
      if (array.byteLength < 0x100) {
        const at = this.#reserve(2);
        this.#bytes[at] = 0xc4;
        this.#bytes[at + 1] = array.byteLength;
      } else this.#header32(0xc6, array.byteLength);
      const at = this.#reserve(array.byteLength);
      this.#bytes.set(array, at);
      return;
    }
    const [type, width] = columnType(array, path);
    const at = this.#reserve(6);
    this.#bytes[at] = 0xc9;
    this.#view.setUint32(at + 1, array.byteLength);
    this.#bytes[at + 5] = type;
    const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
    const start = this.#reserve(bytes.length);
    this.#bytes.set(bytes, start);
    if (!littleEndian) {
      const target = this.#bytes.subarray(start, start + bytes.length);
      if (width === 8) target.swap64();
      else target.swap32();
    }
  }
}

function columnType(array: ArrayBufferView, path: string): [type: number, width: number] {
  if (array instanceof Float64Array) return [COLUMN_TYPES.float64, 8];
  if (array instanceof Float32Array) return [COLUMN_TYPES.float32, 4];
  if (array instanceof Int32Array) return [COLUMN_TYPES.int32, 4];
  if (array instanceof BigInt64Array) return [COLUMN_TYPES.int64, 8];
  throw refuse(path, `a ${array.constructor.name}`);
}

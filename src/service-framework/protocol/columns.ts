import { endianness } from 'node:os';

/**
 * A column of unsigned bytes. A bare `Uint8Array` is a MessagePack `bin` (opaque bytes); wrapping it
 * says that its elements are numbers of a series.
 */
export class Uint8Column {
  constructor(readonly values: Uint8Array) {}

  get length(): number {
    return this.values.length;
  }
}

/** A series of numbers as it travels in MessagePack. */
export type Column = Float64Array | Float32Array | Int32Array | BigInt64Array | Uint8Column;

/** MessagePack extension types of the columns. */
export const COLUMN_TYPES = Object.freeze({ float64: 1, float32: 2, int32: 3, int64: 4, uint8: 5 });

/** Bytes an element takes, by extension type; index 0 is unused. */
const ELEMENT_BYTES = [0, 8, 4, 4, 8, 1] as const;

/** Bytes an element of a column extension takes, or 0 when the type is no column. */
export function columnElementBytes(type: number): number {
  return ELEMENT_BYTES[type] ?? 0;
}

/** The extension type of a value that is a column, else 0. */
export function columnType(value: object): number {
  if (value instanceof Float64Array) return COLUMN_TYPES.float64;
  if (value instanceof Float32Array) return COLUMN_TYPES.float32;
  if (value instanceof Int32Array) return COLUMN_TYPES.int32;
  if (value instanceof BigInt64Array) return COLUMN_TYPES.int64;
  if (value instanceof Uint8Column) return COLUMN_TYPES.uint8;
  return 0;
}

/** Reverses every element of `width` bytes in place: the wire is little-endian on every machine. */
export function swapElements(bytes: Uint8Array, width: number): void {
  if (width < 2) return;
  for (let start = 0; start < bytes.length; start += width) bytes.subarray(start, start + width).reverse();
}

const SWAP = endianness() === 'BE';

/** The little-endian bytes of a column; a view where the machine's order allows. */
export function columnBytes(column: Column): Uint8Array {
  const array = column instanceof Uint8Column ? column.values : column;
  const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
  if (!SWAP) return bytes;
  const copy = bytes.slice();
  swapElements(copy, array.BYTES_PER_ELEMENT);
  return copy;
}

/** Columns of one message together above this get memory each: who keeps one shall not keep megabytes. */
const LARGEST_SHARED = 64 * 1024;
/** Elements of every width begin at a multiple of it. */
const ALIGNMENT = 8;

/** Bytes that a column takes in a {@link ColumnSpace}. */
export function columnRoom(bytes: number): number {
  return (bytes + ALIGNMENT - 1) & -ALIGNMENT;
}

/** Where the columns of a message are put as they are read, one after the other. */
export interface ColumnPlace {
  /** A column from bytes of a message, which must have been checked to hold whole elements. */
  column(type: number, message: Uint8Array, start: number, end: number): Column;
}

/** Memory for the columns of one message: allocating it costs more than filling it, so small ones share. */
export class ColumnSpace implements ColumnPlace {
  readonly #shared: Uint8Array | undefined;
  #at = 0;

  /** @param room of all columns, summed, as {@link columnRoom} tells it for each */
  constructor(room: number) {
    this.#shared = room <= LARGEST_SHARED ? new Uint8Array(room) : undefined;
  }

  /** Always a copy: a message arrives at any alignment, and its memory is not ours to keep. */
  column(type: number, message: Uint8Array, start: number, end: number): Column {
    const size = end - start;
    const room = columnRoom(size);
    const shared = this.#shared;
    const fits = shared !== undefined && this.#at + room <= shared.length;
    const bytes = fits ? shared : new Uint8Array(size);
    const at = fits ? this.#at : 0;
    if (fits) this.#at += room;
    // Of a Buffer, `subarray` would cost more than the copy.
    bytes.set(new Uint8Array(message.buffer, message.byteOffset + start, size), at);
    if (SWAP) swapElements(bytes.subarray(at, at + size), columnElementBytes(type));
    return columnOver(type, bytes.buffer, at, size);
  }
}

/** The column that these bytes are: little-endian as the machine, and aligned. */
function columnOver(type: number, buffer: ArrayBufferLike, at: number, size: number): Column {
  switch (type) {
    case COLUMN_TYPES.float64:
      return new Float64Array(buffer, at, size / 8);
    case COLUMN_TYPES.float32:
      return new Float32Array(buffer, at, size / 4);
    case COLUMN_TYPES.int32:
      return new Int32Array(buffer, at, size / 4);
    case COLUMN_TYPES.int64:
      return new BigInt64Array(buffer, at, size / 8);
    default:
      return new Uint8Column(new Uint8Array(buffer, at, size));
  }
}

/**
 * Above this many bytes libzmq gives a frame memory of its own, which is aligned; smaller ones lie in what it received
 * together, anywhere (4.3: `in_batch_size`, and `content_t` before the data).
 */
const LARGEST_UNALIGNED = 8_192;

/**
 * Leaves columns in their message: each is moved down to where it is aligned, over its own key and header, which have
 * been read. It saves memory as large as the message, which would cost more than all else about decoding. The message
 * cannot be read again.
 */
export class ColumnsInPlace implements ColumnPlace {
  /** Where in the message's buffer the next column may begin. */
  #free: number;

  /** Whether the message's memory is aligned, and no more than who keeps a column may keep. */
  static suits({ buffer }: Uint8Array): boolean {
    return !SWAP && buffer.byteLength > LARGEST_UNALIGNED && buffer.byteLength <= LARGEST_SHARED;
  }

  /** @param start from there on the message may be overwritten, as far as it has been read */
  constructor(message: Uint8Array, start = 0) {
    this.#free = message.byteOffset + start;
  }

  column(type: number, message: Uint8Array, start: number, end: number): Column {
    const size = end - start;
    const { buffer } = message;
    const from = message.byteOffset + start;
    const at = from & -ALIGNMENT;
    if (at < this.#free) return columnFrom(type, message, start, end);
    if (at !== from) new Uint8Array(buffer, at, size).set(new Uint8Array(buffer, from, size));
    this.#free = at + size;
    return columnOver(type, buffer, at, size);
  }
}

/** A column in memory of its own; see {@link ColumnSpace.column}. */
export function columnFrom(type: number, message: Uint8Array, start: number, end: number): Column {
  return new ColumnSpace(columnRoom(end - start)).column(type, message, start, end);
}

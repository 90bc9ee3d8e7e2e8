/** As large as the pool that Node.js itself cuts small buffers from. */
const CHUNK = 8192;
/** A message above this gets memory of its own: no small one shall keep it alive. */
const LARGE = CHUNK / 2;
/** Above this much nothing is assumed about the size of the next message. */
const LARGEST_EXPECTED = 1024 * 1024;
/** Members of the largest map whose header is one byte. */
export const LARGEST_SMALL_MAP = 15;
const NO_MEMORY: Buffer = Buffer.alloc(0);
/** Below this many characters a loop beats the call into native code. */
const SHORT_TEXT = 48;

const float64 = new Float64Array(1);
const float64Bytes = new Uint8Array(float64.buffer);
const LITTLE_ENDIAN = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/** Memory for one message of at least that many bytes, with anything in it. */
export type MessageMemory = (bytes: number) => Buffer;

const OWN: MessageMemory = (bytes) => Buffer.allocUnsafeSlow(bytes);

/**
 * Appends MessagePack primitives, each in its shortest form. `take()` hands out the very memory that was
 * written to, because a socket may hold on to it. Small messages share a piece, one behind the other; a large one has
 * one to itself.
 */
export class MessagePackWriter {
  /** Where the memory of a large message comes from; back to new memory with every `take()` and `clear()`. */
  memory: MessageMemory = OWN;
  #buffer: Buffer = Buffer.allocUnsafeSlow(CHUNK);
  /** Where what is being written begins; before it everything has been taken. */
  #start = 0;
  /** Where it ends. */
  #length = 0;
  /** The piece of the small messages and where it goes on, while a large one is written. */
  #chunk: Buffer = NO_MEMORY;
  #chunkStart = 0;
  /** Size of the last large message: the next is often as large. */
  #expected = 0;

  /** Bytes written since the last `take()`. */
  get length(): number {
    return this.#length - this.#start;
  }

  /** What was written; the writer is empty afterwards. */
  take(): Uint8Array {
    const { length } = this;
    if (length > LARGE || this.#chunk !== NO_MEMORY) return this.#takeLarge(length);
    const bytes = this.#buffer.subarray(this.#start, this.#length);
    this.#start = this.#length;
    this.memory = OWN;
    return bytes;
  }

  /** Forgets what was written and not taken. */
  clear(): void {
    this.memory = OWN;
    if (this.#chunk === NO_MEMORY) {
      this.#length = this.#start;
      return;
    }
    this.#buffer = this.#chunk;
    this.#start = this.#chunkStart;
    this.#length = this.#chunkStart;
    this.#chunk = NO_MEMORY;
  }

  nil(): void {
    this.byte(0xc0);
  }

  boolean(value: boolean): void {
    this.byte(value ? 0xc3 : 0xc2);
  }

  /** Safe integers as integers, everything else (-0 too) as float64. */
  number(value: number): void {
    if (!Number.isSafeInteger(value) || Object.is(value, -0)) this.float64(value);
    else if (value >= 0) this.#unsigned(value);
    else this.#negative(value);
  }

  float64(value: number): void {
    const at = this.#grow(9);
    const buffer = this.#buffer;
    float64[0] = value;
    buffer[at] = 0xcb;
    for (let i = 0; i < 8; i++) buffer[at + 1 + i] = float64Bytes[LITTLE_ENDIAN ? 7 - i : i] as number;
  }

  /** A string as UTF-8; a lone surrogate becomes U+FFFD. */
  text(value: string): void {
    const characters = value.length;
    if (characters < SHORT_TEXT) {
      const at = this.#grow(2 + characters);
      const buffer = this.#buffer;
      let next = at;
      if (characters < 32) buffer[next++] = 0xa0 | characters;
      else {
        buffer[next++] = 0xd9;
        buffer[next++] = characters;
      }
      let i = 0;
      for (; i < characters; i++) {
        const code = value.charCodeAt(i);
        if (code > 0x7f) break;
        buffer[next++] = code;
      }
      this.#length = i === characters ? next : at;
      if (i === characters) return;
    }
    const bytes = Buffer.byteLength(value);
    this.#header(bytes, 0xa0, 32, 0xd9, 0xda, 0xdb);
    const at = this.#grow(bytes);
    this.#buffer.write(value, at, 'utf8');
  }

  arrayHeader(count: number): void {
    this.#header(count, 0x90, 16, 0, 0xdc, 0xdd);
  }

  mapHeader(count: number): void {
    this.#header(count, 0x80, 16, 0, 0xde, 0xdf);
  }

  /**
   * Begins a map of up to {@link LARGEST_SMALL_MAP} members, counted as they are written.
   *
   * @returns where it begins, counted from the last `take()`
   */
  beginSmallMap(): number {
    return this.#grow(1) - this.#start;
  }

  /** @param begin what `beginSmallMap()` returned */
  endSmallMap(begin: number, count: number): void {
    this.#buffer[this.#start + begin] = 0x80 | count;
  }

  /** Forgets what was written since `begin`, counted from the last `take()`. */
  rewind(begin: number): void {
    this.#length = this.#start + begin;
  }

  /** Opaque bytes. */
  binary(bytes: Uint8Array): void {
    this.#header(bytes.length, 0, 0, 0xc4, 0xc5, 0xc6);
    this.raw(bytes);
  }

  /** An extension, in its `fixext` form where there is one. */
  extension(type: number, bytes: Uint8Array): void {
    const size = bytes.length;
    // Of 1, 2, 4, 8 or 16 bytes: one bit is set.
    if (size > 0 && size <= 16 && (size & (size - 1)) === 0) this.byte(0xd4 + 31 - Math.clz32(size));
    else this.#header(size, 0, 0, 0xc7, 0xc8, 0xc9);
    this.byte(type);
    this.raw(bytes);
  }

  /** Bytes as they are. */
  raw(bytes: Uint8Array): void {
    const at = this.#grow(bytes.length);
    this.#buffer.set(bytes, at);
  }

  byte(value: number): void {
    const at = this.#grow(1);
    this.#buffer[at] = value;
  }

  /**
   * Begins a `bin` of what is appended until {@link endBinary}; room is left for a short header.
   *
   * @returns where it begins, counted from the last `take()`
   */
  beginBinary(): number {
    return this.#grow(2) - this.#start;
  }

  /** @param begin what `beginBinary()` returned */
  endBinary(begin: number): void {
    const size = this.length - begin - 2;
    if (size >= 0x100) this.#grow(size < 0x10000 ? 1 : 3);
    const start = this.#start + begin;
    if (size >= 0x100) {
      const longer = size < 0x10000 ? 1 : 3;
      this.#buffer.copyWithin(start + 2 + longer, start + 2, start + 2 + size);
    }
    this.#length = start;
    this.#header(size, 0, 0, 0xc4, 0xc5, 0xc6);
    this.#length += size;
  }

  #unsigned(value: number): void {
    if (value < 0x80) this.byte(value);
    else if (value < 0x100) this.#tagged(0xcc, value, 1);
    else if (value < 0x10000) this.#tagged(0xcd, value, 2);
    else if (value < 0x1_0000_0000) this.#tagged(0xce, value, 4);
    else this.#int64(0xcf, value);
  }

  #negative(value: number): void {
    if (value >= -0x20) this.byte(value + 0x100);
    else if (value >= -0x80) this.#tagged(0xd0, value + 0x100, 1);
    else if (value >= -0x8000) this.#tagged(0xd1, value + 0x10000, 2);
    else if (value >= -0x8000_0000) this.#tagged(0xd2, value + 0x1_0000_0000, 4);
    else this.#int64(0xd3, value);
  }

  #int64(tag: number, value: number): void {
    const high = Math.floor(value / 0x1_0000_0000);
    this.#tagged(tag, high >>> 0, 4);
    const at = this.#grow(4);
    this.#buffer.writeUInt32BE(value - high * 0x1_0000_0000, at);
  }

  #header(size: number, fix: number, fixBelow: number, tag8: number, tag16: number, tag32: number): void {
    if (size < fixBelow) this.byte(fix | size);
    else if (size < 0x100 && tag8 !== 0) this.#tagged(tag8, size, 1);
    else if (size < 0x10000) this.#tagged(tag16, size, 2);
    else this.#tagged(tag32, size, 4);
  }

  #tagged(tag: number, value: number, bytes: 1 | 2 | 4): void {
    let at = this.#grow(1 + bytes);
    const buffer = this.#buffer;
    buffer[at++] = tag;
    if (bytes === 4) {
      buffer[at++] = value >>> 24;
      buffer[at++] = value >>> 16;
    }
    if (bytes > 1) buffer[at++] = value >>> 8;
    buffer[at] = value;
  }

  #takeLarge(length: number): Uint8Array {
    // No small message shall keep a large one alive.
    if (this.#chunk === NO_MEMORY) this.#move(0);
    const bytes = this.#buffer.subarray(0, length);
    const wasted = this.memory === OWN ? this.#buffer.length - length : 0;
    // Room for what changes from one message to the next: counters, lengths.
    this.#expected = Math.min(length + 32, LARGEST_EXPECTED);
    this.clear();
    return wasted * 4 > length ? Buffer.from(bytes) : bytes;
  }

  /** Makes room, counts it as written, and returns where it starts. */
  #grow(bytes: number): number {
    if (this.#length + bytes > this.#buffer.length) this.#move(bytes);
    const start = this.#length;
    this.#length = start + bytes;
    return start;
  }

  /** Goes on in other memory with what is not yet taken; the old belongs to those who took from it. */
  #move(bytes: number): void {
    const written = this.#length - this.#start;
    const needed = written + bytes;
    const bigger = needed > LARGE ? this.#moveApart(needed) : Buffer.allocUnsafeSlow(CHUNK);
    this.#buffer.copy(bigger, 0, this.#start, this.#length);
    this.#buffer = bigger;
    this.#start = 0;
    this.#length = written;
  }

  #moveApart(needed: number): Buffer {
    const first = this.#chunk === NO_MEMORY;
    if (first) {
      this.#chunk = this.#buffer;
      this.#chunkStart = this.#start;
    }
    return this.memory(Math.max(needed, first ? this.#expected : needed * 2));
  }
}

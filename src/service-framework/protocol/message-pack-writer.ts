const SMALLEST_BUFFER = 4096;
/** A buffer grown beyond this by one big message is not kept for the next. */
const LARGEST_KEPT = 1024 * 1024;
/** Below this many characters a loop beats the call into native code. */
const SHORT_TEXT = 48;

const float64 = new Float64Array(1);
const float64Bytes = new Uint8Array(float64.buffer);
const LITTLE_ENDIAN = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/**
 * Appends MessagePack primitives, each in its shortest form, to one growing buffer; `take()` copies
 * the bytes out, so that the buffer can be used again while a socket still holds the last message.
 */
export class MessagePackWriter {
  #buffer = Buffer.allocUnsafeSlow(SMALLEST_BUFFER);
  #length = 0;

  /** Bytes written since the last `take()`. */
  get length(): number {
    return this.#length;
  }

  /** A copy of what was written; the writer is empty afterwards. */
  take(): Uint8Array {
    const bytes = Buffer.allocUnsafe(this.#length);
    this.#buffer.copy(bytes, 0, 0, this.#length);
    this.clear();
    return bytes;
  }

  /** Forgets what was written. */
  clear(): void {
    this.#length = 0;
    if (this.#buffer.length > LARGEST_KEPT) this.#buffer = Buffer.allocUnsafeSlow(SMALLEST_BUFFER);
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

  /** Opaque bytes. */
  binary(bytes: Uint8Array): void {
    this.#header(bytes.length, 0, 0, 0xc4, 0xc5, 0xc6);
    this.raw(bytes);
  }

  /** An extension, in its `fixext` form where there is one. */
  extension(type: number, bytes: Uint8Array): void {
    const size = bytes.length;
    const fixed = size === 0 ? -1 : [1, 2, 4, 8, 16].indexOf(size);
    if (fixed >= 0) this.byte(0xd4 + fixed);
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
   * A `bin` whose bytes are what `write` appends: room for the longest header is left first and
   * closed up afterwards.
   */
  binaryOf(write: () => void): void {
    const start = this.#grow(5);
    write();
    const size = this.#length - start - 5;
    const header = size < 0x100 ? 2 : size < 0x10000 ? 3 : 5;
    this.#buffer.copyWithin(start + header, start + 5, this.#length);
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

  /** Makes room, counts it as written, and returns where it starts. */
  #grow(bytes: number): number {
    const start = this.#length;
    const end = start + bytes;
    if (end > this.#buffer.length) {
      const bigger = Buffer.allocUnsafeSlow(Math.max(end, this.#buffer.length * 2));
      this.#buffer.copy(bigger, 0, 0, start);
      this.#buffer = bigger;
    }
    this.#length = end;
    return start;
  }
}

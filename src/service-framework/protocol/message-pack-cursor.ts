import { malformed } from './malformed.js';
import { ShortTexts } from './short-texts.js';

const TEXTS = new ShortTexts();

/** A Buffer over the same memory. */
export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Reads MessagePack tokens; every read that would pass `end` throws INVALID_ARGUMENT "truncated". */
export class MessagePackCursor {
  readonly buffer: Buffer;
  readonly end: number;
  at: number;

  constructor(bytes: Uint8Array, start = 0, end = bytes.length) {
    this.buffer = asBuffer(bytes);
    this.at = start;
    this.end = end;
  }

  /** Steps over `count` bytes and returns where they start. */
  take(count: number): number {
    const start = this.at;
    if (count > this.end - start) throw malformed('truncated', this.end);
    this.at = start + count;
    return start;
  }

  byte(): number {
    const at = this.at;
    if (at >= this.end) throw malformed('truncated', at);
    this.at = at + 1;
    return this.buffer[at] as number;
  }

  /** A big-endian unsigned integer of 1, 2 or 4 bytes. */
  unsigned(bytes: 1 | 2 | 4): number {
    const at = this.take(bytes);
    const { buffer } = this;
    if (bytes === 1) return buffer[at] as number;
    const high = ((buffer[at] as number) << 8) | (buffer[at + 1] as number);
    if (bytes === 2) return high;
    return high * 0x10000 + (((buffer[at + 2] as number) << 8) | (buffer[at + 3] as number));
  }

  /** A big-endian integer of 8 bytes; must lie within ±(2^53 - 1), because more would be rounded. */
  integer64(signed: boolean): number {
    const start = this.at;
    const high = this.unsigned(4);
    const low = this.unsigned(4);
    const value = (signed ? high | 0 : high) * 0x1_0000_0000 + low;
    if (!Number.isSafeInteger(value)) throw malformed('an integer beyond 2^53', start);
    return value;
  }

  float32(): number {
    return this.buffer.readFloatBE(this.take(4));
  }

  float64(): number {
    return this.buffer.readDoubleBE(this.take(8));
  }

  /** Text of the next `bytes` bytes, which must be valid UTF-8. */
  text(bytes: number): string {
    const start = this.take(bytes);
    return TEXTS.read(this.buffer, start, this.at);
  }
}

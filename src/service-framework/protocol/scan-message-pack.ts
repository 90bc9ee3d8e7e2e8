import { isUtf8 } from 'node:buffer';
import { columnElementBytes, columnRoom } from './columns.js';
import { isForbiddenKey } from './forbidden-keys.js';
import { DEFAULT_LIMITS, type ProtocolLimits } from './limits.js';
import { malformed } from './malformed.js';
import { MessagePackCursor } from './message-pack-cursor.js';
import { notFinite } from './non-finite.js';

export interface ScanOptions {
  /** Lets NaN and infinities pass, in columns and as plain numbers. */
  readonly allowNonFinite?: boolean;
}

/** Above this many keys a set is cheaper than comparing each with all before it. */
const FEW_KEYS = 16;

/**
 * Walks a MessagePack document without building anything from it and refuses what must not be
 * decoded: element counts that the bytes cannot hold, depth, long strings, truncation, trailing
 * bytes, integers beyond 2^53, invalid UTF-8, keys that are no text, forbidden or repeated, unknown
 * extensions, columns of broken elements, non-finite numbers.
 *
 * @throws ServiceError INVALID_ARGUMENT
 */
export function scanMessagePack(
  bytes: Uint8Array,
  limits: ProtocolLimits = DEFAULT_LIMITS,
  options: ScanOptions = {},
): void {
  if (!inspectMessagePack(bytes, limits, options.allowNonFinite !== true).isFinite) throw notFinite('');
}

/** As `scanMessagePack`, but tells what it saw instead of throwing where numbers are not finite. */
export function inspectMessagePack(
  bytes: Uint8Array,
  limits: ProtocolLimits,
  asksFinite: boolean,
): Readonly<Pick<MessagePackScan, 'isFinite' | 'columnRoom'>> {
  if (bytes.length > limits.messageBytes)
    throw malformed(`${bytes.length} bytes; at most ${limits.messageBytes} are allowed`, 0);
  const cursor = new MessagePackCursor(bytes);
  const scan = new MessagePackScan(cursor, limits, asksFinite);
  scan.value(limits.depth);
  if (cursor.at !== cursor.end) throw malformed('trailing bytes', cursor.at);
  return scan;
}

/** The walk itself; its counts run over everything it is asked to step over. */
export class MessagePackScan {
  /** No number seen so far was NaN or infinite; stays true when nobody asks. */
  isFinite = true;
  /** Memory that the columns take together. */
  columnRoom = 0;
  /** Elements announced by the containers still open, and not yet seen. */
  #owed = 0;
  #structures = 0;

  constructor(
    private readonly cursor: MessagePackCursor,
    private readonly limits: ProtocolLimits,
    private readonly asksFinite: boolean,
  ) {}

  /** Steps over one value that may hold `depthLeft` levels of maps and arrays. */
  value(depthLeft: number): void {
    const tag = this.cursor.byte();
    if (tag < 0x80 || tag >= 0xe0) return;
    if (tag < 0x90) this.#map(tag & 0x0f, depthLeft);
    else if (tag < 0xa0) this.#array(tag & 0x0f, depthLeft);
    else if (tag < 0xc0) this.#text(tag & 0x1f);
    else this.#tagged(tag, depthLeft);
  }

  #tagged(tag: number, depthLeft: number): void {
    const { cursor } = this;
    if (tag === 0xc0 || tag === 0xc2 || tag === 0xc3) return;
    if (tag === 0xc1) throw malformed('an illegal byte', cursor.at - 1);
    if (tag <= 0xc6) this.#binary(this.#size(tag - 0xc4));
    else if (tag <= 0xc9) this.#extension(this.#size(tag - 0xc7));
    else if (tag === 0xca) this.#finite(cursor.float32());
    else if (tag === 0xcb) this.#finite(cursor.float64());
    else if (tag === 0xcf || tag === 0xd3) cursor.integer64(tag === 0xd3);
    else if (tag <= 0xd2) cursor.take(1 << ((tag - 0xcc) & 3));
    else if (tag <= 0xd8) this.#extension(1 << (tag - 0xd4));
    else if (tag <= 0xdb) this.#text(this.#size(tag - 0xd9));
    else if (tag <= 0xdd) this.#array(this.#size(tag - 0xdb), depthLeft);
    else this.#map(this.#size(tag - 0xdd), depthLeft);
  }

  /** A size of 1, 2 or 4 bytes. */
  #size(log2Bytes: number): number {
    return this.cursor.unsigned((1 << log2Bytes) as 1 | 2 | 4);
  }

  #array(count: number, depthLeft: number): void {
    this.#open(count, 1, depthLeft);
    for (let i = 0; i < count; i++) {
      this.#owed--;
      this.value(depthLeft - 1);
    }
  }

  #map(count: number, depthLeft: number): void {
    this.#open(count * 2, 1 + count, depthLeft);
    const starts: number[] = [];
    const seen = count > FEW_KEYS ? new Set<string>() : undefined;
    for (let i = 0; i < count; i++) {
      this.#owed -= 2;
      this.#key(starts, seen);
      this.value(depthLeft - 1);
    }
  }

  /** Elements declared, summed over all open containers, may not exceed the bytes left. */
  #open(elements: number, structures: number, depthLeft: number): void {
    const { cursor, limits } = this;
    if (depthLeft === 0) throw malformed(`nested deeper than ${limits.depth}`, cursor.at);
    this.#owed += elements;
    if (this.#owed > cursor.end - cursor.at)
      throw malformed('more elements declared than bytes left', cursor.at);
    this.#structures += structures;
    if (this.#structures > limits.structures)
      throw malformed(`more than ${limits.structures} maps, arrays and map entries`, cursor.at);
  }

  /** @param starts start and end of the keys before it, when they are few */
  #key(starts: number[], seen: Set<string> | undefined): void {
    const { cursor } = this;
    const keyAt = cursor.at;
    const tag = cursor.byte();
    if (tag >= 0xa0 && tag < 0xc0) this.#text(tag & 0x1f);
    else if (tag >= 0xd9 && tag <= 0xdb) this.#text(this.#size(tag - 0xd9));
    else throw malformed('a key that is no text', keyAt);
    const end = cursor.at;
    const start = this.#textAt;
    const length = end - start;
    if ((length === 9 || length === 11) && isForbiddenKey(cursor.buffer.toString('latin1', start, end)))
      throw malformed('a forbidden key', keyAt);
    if (seen) {
      const before = seen.size;
      seen.add(cursor.buffer.toString('latin1', start, end));
      if (seen.size === before) throw malformed('a repeated key', keyAt);
      return;
    }
    for (let i = 0; i < starts.length; i += 2)
      if (sameBytes(cursor.buffer, starts[i] as number, starts[i + 1] as number, start, end))
        throw malformed('a repeated key', keyAt);
    starts.push(start, end);
  }

  #textAt = 0;

  #text(bytes: number): void {
    const { cursor, limits } = this;
    if (bytes > limits.stringBytes)
      throw malformed(`a string longer than ${limits.stringBytes} bytes`, cursor.at);
    const start = cursor.take(bytes);
    this.#textAt = start;
    const { buffer } = cursor;
    const end = start + bytes;
    for (let i = start; i < end; i++) {
      if ((buffer[i] as number) < 0x80) continue;
      if (!isUtf8(buffer.subarray(start, end))) throw malformed('invalid UTF-8', start);
      return;
    }
  }

  #binary(bytes: number): void {
    const { cursor, limits } = this;
    if (bytes > limits.stringBytes)
      throw malformed(`binary longer than ${limits.stringBytes} bytes`, cursor.at);
    cursor.take(bytes);
  }

  #extension(bytes: number): void {
    const { cursor } = this;
    const type = cursor.byte();
    const width = columnElementBytes(type);
    if (width === 0)
      throw malformed(`an unknown extension type ${type > 127 ? type - 256 : type}`, cursor.at - 1);
    if (bytes % width !== 0) throw malformed('a column with a broken element', cursor.at);
    const start = cursor.take(bytes);
    this.columnRoom += columnRoom(bytes);
    if (this.asksFinite && type <= 2 && !finiteElements(cursor.buffer, start, start + bytes, width))
      this.isFinite = false;
  }

  #finite(value: number): void {
    if (this.asksFinite && !Number.isFinite(value)) this.isFinite = false;
  }
}

function sameBytes(
  buffer: Buffer,
  start: number,
  end: number,
  otherStart: number,
  otherEnd: number,
): boolean {
  if (end - start !== otherEnd - otherStart) return false;
  for (let i = start, j = otherStart; i < end; i++, j++) if (buffer[i] !== buffer[j]) return false;
  return true;
}

/** Looks at the exponents only: all ones means NaN or infinity. */
function finiteElements(buffer: Buffer, start: number, end: number, width: number): boolean {
  const mask = width === 8 ? 0xf0 : 0x80;
  for (let last = start + width - 1; last < end; last += width) {
    if (((buffer[last] as number) & 0x7f) === 0x7f && ((buffer[last - 1] as number) & mask) === mask)
      return false;
  }
  return true;
}

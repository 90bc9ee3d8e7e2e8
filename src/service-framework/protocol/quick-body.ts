import { COLUMN_TYPES, ColumnsInPlace } from './columns.js';
import { isForbiddenKey } from './forbidden-keys.js';
import { ShortTexts } from './short-texts.js';

/** Says that a body is not one for the quick reader; no body has this value. */
export const NOT_QUICK: unique symbol = Symbol('not quick');

/** Above this many bytes walking twice, first to check and then to build, costs next to nothing more. */
const LONGEST = 2048;
/** Longer ones are short walks where most of their bytes are columns: maps and arrays in all, and entries of maps. */
const MOST_STRUCTURES = 256;
/** Stands for a column until all has been checked. */
const COLUMN: unique symbol = Symbol('column');
/** Nesting that small messages need; the general reader allows more. */
const DEPTH = 8;

const float64 = new Float64Array(1);
const float64Bytes = new Uint8Array(float64.buffer);
const LITTLE_ENDIAN = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/**
 * Builds the value of a small MessagePack body, or one of columns, in the walk that checks it. At anything out of the
 * ordinary (bins, columns of other than float64, texts that are not ASCII, repeated keys, counts that the bytes cannot
 * hold, plain numbers that are not finite) it gives up, and the general reader, which checks before it builds,
 * finds the value or the error. What it does build is what the general reader would have built.
 */
export class QuickBody {
  readonly #texts = new ShortTexts();
  #buffer: Buffer = Buffer.alloc(0);
  #at = 0;
  #end = 0;
  /** Elements announced by the containers still open, and not yet seen. */
  #owed = 0;
  #structuresLeft = 0;
  #inPlace = false;
  #columnAt = 0;
  /** The columns found: the map that has it, its key, its first byte and the one after its last. */
  readonly #columns: [Record<string, unknown>, string, number, number][] = [];

  /**
   * The value of `buffer[start..end)`, or {@link NOT_QUICK}: then nothing has been touched.
   *
   * @param inPlace columns may stay in this memory, which suits it; NaN and infinities may be in them
   */
  read(buffer: Buffer, start: number, end: number, inPlace = false): unknown {
    if (end - start > LONGEST && !inPlace) return NOT_QUICK;
    this.#buffer = buffer;
    this.#at = start;
    this.#end = end;
    this.#owed = 0;
    this.#structuresLeft = end - start > LONGEST ? MOST_STRUCTURES : 2 * LONGEST;
    this.#inPlace = inPlace;
    // Setting the length of an array is a call into the runtime.
    if (this.#columns.length > 0) this.#columns.length = 0;
    const value = this.#value(DEPTH);
    if (this.#at !== end || value === NOT_QUICK || value === COLUMN) return NOT_QUICK;
    if (this.#columns.length > 0) this.#place(new ColumnsInPlace(buffer, start));
    return value;
  }

  /** Now that nothing is read any more, their bytes may be moved. */
  #place(place: ColumnsInPlace): void {
    for (const [members, key, start, end] of this.#columns)
      members[key] = place.column(COLUMN_TYPES.float64, this.#buffer, start, end);
    this.#columns.length = 0;
  }

  #value(depthLeft: number): unknown {
    const at = this.#at;
    if (at >= this.#end) return NOT_QUICK;
    const tag = this.#buffer[at] as number;
    this.#at = at + 1;
    if (tag < 0x80) return tag;
    if (tag < 0x90) return this.#map(tag & 0x0f, depthLeft);
    if (tag < 0xa0) return this.#array(tag & 0x0f, depthLeft);
    if (tag < 0xc0) return this.#text(tag & 0x1f);
    if (tag >= 0xe0) return tag - 0x100;
    if (tag === 0xcb) return this.#float64();
    if (tag >= 0xcc && tag <= 0xcf) return this.#unsigned(1 << (tag - 0xcc));
    if (tag === 0xc2) return false;
    if (tag === 0xc3) return true;
    if (tag === 0xc0) return null;
    if (tag === 0xc7 || tag === 0xc8) return this.#column(tag - 0xc6);
    if (tag === 0xd9) {
      const size = this.#unsigned(1);
      return typeof size === 'number' ? this.#text(size) : NOT_QUICK;
    }
    return NOT_QUICK;
  }

  #unsigned(size: number): unknown {
    const start = this.#at;
    const end = start + size;
    if (end > this.#end) return NOT_QUICK;
    this.#at = end;
    let value = 0;
    for (let i = start; i < end; i++) value = value * 256 + (this.#buffer[i] as number);
    // Rounding can only have made it larger than the largest safe integer, never a safe one.
    return value <= Number.MAX_SAFE_INTEGER ? value : NOT_QUICK;
  }

  #float64(): unknown {
    const start = this.#at;
    if (start + 8 > this.#end) return NOT_QUICK;
    this.#at = start + 8;
    for (let i = 0; i < 8; i++) float64Bytes[LITTLE_ENDIAN ? 7 - i : i] = this.#buffer[start + i] as number;
    const value = float64[0] as number;
    return value - value === 0 ? value : NOT_QUICK;
  }

  #text(size: number): string | typeof NOT_QUICK {
    const buffer = this.#buffer;
    const start = this.#at;
    const end = start + size;
    if (end > this.#end) return NOT_QUICK;
    this.#at = end;
    const known = this.#texts.recall(buffer, start, end);
    if (known !== undefined) return known;
    for (let i = start; i < end; i++) if ((buffer[i] as number) > 0x7f) return NOT_QUICK;
    const text = buffer.toString('latin1', start, end);
    this.#texts.remember(text, buffer, start, end);
    return text;
  }

  /** @param sizeBytes of its length */
  #column(sizeBytes: number): typeof COLUMN | typeof NOT_QUICK {
    const size = this.#unsigned(sizeBytes);
    const start = this.#at + 1;
    if (typeof size !== 'number' || !this.#inPlace || size % 8 !== 0 || start + size > this.#end)
      return NOT_QUICK;
    if (this.#buffer[start - 1] !== COLUMN_TYPES.float64) return NOT_QUICK;
    this.#columnAt = start;
    this.#at = start + size;
    return COLUMN;
  }

  #array(count: number, depthLeft: number): unknown {
    if (!this.#open(count, depthLeft)) return NOT_QUICK;
    const items = new Array<unknown>(count);
    for (let i = 0; i < count; i++) {
      this.#owed--;
      const item = this.#value(depthLeft - 1);
      if (item === NOT_QUICK || item === COLUMN) return NOT_QUICK;
      items[i] = item;
    }
    return items;
  }

  #map(count: number, depthLeft: number): unknown {
    if (!this.#open(count * 2, depthLeft)) return NOT_QUICK;
    const members: Record<string, unknown> = {};
    // One bit for each class of keys already there: only where it is set a key may be there twice.
    let classes = 0;
    for (let i = 0; i < count; i++) {
      this.#owed -= 2;
      const tag = this.#buffer[this.#at] as number;
      if (this.#at >= this.#end || tag <= 0xa0 || tag > 0xbf) return NOT_QUICK;
      this.#at++;
      const keyAt = this.#at;
      const key = this.#text(tag & 0x1f);
      if (key === NOT_QUICK || isForbiddenKey(key)) return NOT_QUICK;
      const bit =
        1 << ((tag + (this.#buffer[keyAt] as number) + (this.#buffer[this.#at - 1] as number) * 5) & 31);
      if ((classes & bit) !== 0 && Object.hasOwn(members, key)) return NOT_QUICK;
      classes |= bit;
      const value = this.#value(depthLeft - 1);
      if (value === NOT_QUICK) return NOT_QUICK;
      if (value === COLUMN) {
        // It keeps its place among the keys.
        members[key] = undefined;
        this.#columns.push([members, key, this.#columnAt, this.#at]);
      } else members[key] = value;
    }
    return members;
  }

  /** As the general reader: elements declared, summed, may not exceed the bytes left. */
  #open(elements: number, depthLeft: number): boolean {
    this.#owed += elements;
    this.#structuresLeft -= 1 + elements;
    return this.#structuresLeft >= 0 && depthLeft > 0 && this.#owed <= this.#end - this.#at;
  }
}

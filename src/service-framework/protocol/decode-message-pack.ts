import { type ColumnPlace, ColumnSpace, ColumnsInPlace } from './columns.js';
import { malformed } from './malformed.js';
import { MessagePackCursor } from './message-pack-cursor.js';

/** Where nobody counted: each column gets memory of its own. */
const UNCOUNTED: ColumnPlace = new ColumnSpace(0);

/**
 * Builds the value of a document that `scanMessagePack` has let pass; only then is it safe. Maps
 * become plain objects, columns typed arrays in memory that is the message's no more, `bin` a copied `Uint8Array`.
 *
 * @param columnRoom of all its columns, as the scan tells it
 * @param inPlace columns may stay in the message's memory: it is not read again
 */
export function decodeMessagePack(bytes: Uint8Array, columnRoom = 0, inPlace = false): unknown {
  return readValue(new MessagePackCursor(bytes), placeFor(bytes, columnRoom, inPlace));
}

function placeFor(bytes: Uint8Array, columnRoom: number, inPlace: boolean): ColumnPlace {
  if (columnRoom === 0) return UNCOUNTED;
  return inPlace && ColumnsInPlace.suits(bytes) ? new ColumnsInPlace(bytes) : new ColumnSpace(columnRoom);
}

/** The next value; everything before the cursor's end has been scanned. */
export function readValue(cursor: MessagePackCursor, columns = UNCOUNTED): unknown {
  const tag = cursor.byte();
  if (tag < 0x80) return tag;
  if (tag < 0x90) return map(cursor, tag & 0x0f, columns);
  if (tag < 0xa0) return array(cursor, tag & 0x0f, columns);
  if (tag < 0xc0) return cursor.text(tag & 0x1f);
  if (tag >= 0xe0) return tag - 0x100;
  return tagged(cursor, tag, columns);
}

function tagged(cursor: MessagePackCursor, tag: number, columns: ColumnPlace): unknown {
  switch (tag) {
    case 0xc0:
      return null;
    case 0xc2:
      return false;
    case 0xc3:
      return true;
    case 0xc4:
      return binary(cursor, cursor.unsigned(1));
    case 0xc5:
      return binary(cursor, cursor.unsigned(2));
    case 0xc6:
      return binary(cursor, cursor.unsigned(4));
    case 0xc7:
      return column(cursor, cursor.unsigned(1), columns);
    case 0xc8:
      return column(cursor, cursor.unsigned(2), columns);
    case 0xc9:
      return column(cursor, cursor.unsigned(4), columns);
    case 0xd4:
    case 0xd5:
    case 0xd6:
    case 0xd7:
    case 0xd8:
      return column(cursor, 1 << (tag - 0xd4), columns);
    case 0xd9:
      return cursor.text(cursor.unsigned(1));
    case 0xda:
      return cursor.text(cursor.unsigned(2));
    case 0xdb:
      return cursor.text(cursor.unsigned(4));
    case 0xdc:
      return array(cursor, cursor.unsigned(2), columns);
    case 0xdd:
      return array(cursor, cursor.unsigned(4), columns);
    case 0xde:
      return map(cursor, cursor.unsigned(2), columns);
    case 0xdf:
      return map(cursor, cursor.unsigned(4), columns);
    default:
      return readNumber(cursor, tag);
  }
}

/** A number that starts with a tag byte. */
export function readNumber(cursor: MessagePackCursor, tag: number): number {
  switch (tag) {
    case 0xca:
      return cursor.float32();
    case 0xcb:
      return cursor.float64();
    case 0xcc:
      return cursor.unsigned(1);
    case 0xcd:
      return cursor.unsigned(2);
    case 0xce:
      return cursor.unsigned(4);
    case 0xcf:
      return cursor.integer64(false);
    case 0xd0:
      return (cursor.unsigned(1) << 24) >> 24;
    case 0xd1:
      return (cursor.unsigned(2) << 16) >> 16;
    case 0xd2:
      return cursor.unsigned(4) | 0;
    case 0xd3:
      return cursor.integer64(true);
    default:
      throw malformed('an illegal byte', cursor.at - 1);
  }
}

function array(cursor: MessagePackCursor, count: number, columns: ColumnPlace): unknown[] {
  const items = new Array<unknown>(count);
  for (let i = 0; i < count; i++) items[i] = readValue(cursor, columns);
  return items;
}

function map(cursor: MessagePackCursor, count: number, columns: ColumnPlace): Record<string, unknown> {
  const members: Record<string, unknown> = {};
  for (let i = 0; i < count; i++) {
    const key = readValue(cursor) as string;
    members[key] = readValue(cursor, columns);
  }
  return members;
}

function binary(cursor: MessagePackCursor, bytes: number): Uint8Array {
  const start = cursor.take(bytes);
  const copy = new Uint8Array(bytes);
  copy.set(cursor.buffer.subarray(start, cursor.at));
  return copy;
}

function column(cursor: MessagePackCursor, bytes: number, columns: ColumnPlace): unknown {
  const type = cursor.byte();
  const start = cursor.take(bytes);
  return columns.column(type, cursor.buffer, start, cursor.at);
}

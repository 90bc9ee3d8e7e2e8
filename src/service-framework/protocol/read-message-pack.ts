import { readValue } from './decode-message-pack.js';
import { type EnvelopeFields, type EnvelopeReader, NOT_PLAIN } from './envelope-fields.js';
import { isForbiddenKey } from './forbidden-keys.js';
import type { ProtocolLimits } from './limits.js';
import { malformed } from './malformed.js';
import type { MessagePackCursor } from './message-pack-cursor.js';
import { MessagePackScan } from './scan-message-pack.js';

/** Reads the MessagePack envelopes of one frame and leaves their bodies untouched. */
export class MessagePackEnvelopes implements EnvelopeReader {
  lost = false;
  readonly #scan: MessagePackScan;

  constructor(
    private readonly cursor: MessagePackCursor,
    private readonly limits: ProtocolLimits,
  ) {
    this.#scan = new MessagePackScan(cursor, limits, false);
  }

  /** The envelopes that a batch header announces. */
  batchCount(): number {
    const { cursor, limits } = this;
    const tag = cursor.byte();
    const count = tag < 0xa0 ? tag & 0x0f : cursor.unsigned(tag === 0xdc ? 2 : 4);
    if (count > cursor.end - cursor.at) throw malformed('more elements declared than bytes left', cursor.at);
    if (count > limits.batchEnvelopes)
      throw malformed(`a batch of more than ${limits.batchEnvelopes}`, cursor.at);
    return count;
  }

  read(fields: EnvelopeFields): boolean {
    this.lost = true;
    const isMap = this.#envelope(fields);
    this.lost = false;
    return isMap;
  }

  #envelope(fields: EnvelopeFields): boolean {
    const { cursor, limits } = this;
    const start = cursor.at;
    const count = this.#mapCount();
    if (count < 0) {
      this.#scan.value(limits.depth);
      return false;
    }
    if (count * 2 > cursor.end - cursor.at)
      throw malformed('more elements declared than bytes left', cursor.at);
    for (let i = 0; i < count; i++) {
      const name = this.#name();
      if (name === 'body') this.#body(fields);
      else fields.set(name, this.#plain());
    }
    fields.headerBytes = cursor.at - start - (fields.bodyEnd - fields.bodyStart);
    return true;
  }

  /** Elements of the map that starts here, or -1 where none starts; then the cursor has not moved. */
  #mapCount(): number {
    const { cursor } = this;
    const tag = cursor.byte();
    if (tag >= 0x80 && tag < 0x90) return tag & 0x0f;
    if (tag === 0xde) return cursor.unsigned(2);
    if (tag === 0xdf) return cursor.unsigned(4);
    cursor.at--;
    return -1;
  }

  #name(): string {
    const { cursor } = this;
    const start = cursor.at;
    const tag = cursor.buffer[start] ?? 0;
    if (!isText(tag)) throw malformed('a key that is no text', start);
    const name = this.#plain();
    if (typeof name === 'string' && isForbiddenKey(name)) throw malformed('a forbidden key', start);
    // A name too long to be one of ours.
    return typeof name === 'string' ? name : '';
  }

  /** A number, text, boolean or null; anything else is stepped over. */
  #plain(): unknown {
    const { cursor } = this;
    const start = cursor.at;
    this.#scan.value(this.limits.depth);
    const end = cursor.at;
    const tag = cursor.buffer[start] as number;
    if (!isText(tag) && !isScalar(tag)) return NOT_PLAIN;
    if (end - start > this.limits.envelopeBytes) return NOT_PLAIN;
    cursor.at = start;
    return readValue(cursor);
  }

  #body(fields: EnvelopeFields): void {
    const { cursor } = this;
    if (fields.bodyStart >= 0 || fields.bodyIsBare) throw malformed('a repeated field body', cursor.at);
    const tag = cursor.buffer[cursor.at] ?? 0;
    if (tag < 0xc4 || tag > 0xc6) {
      this.#scan.value(this.limits.depth);
      fields.bodyIsBare = true;
      return;
    }
    cursor.at++;
    const size = cursor.unsigned(tag === 0xc4 ? 1 : tag === 0xc5 ? 2 : 4);
    fields.bodyStart = cursor.take(size);
    fields.bodyEnd = cursor.at;
  }
}

function isText(tag: number): boolean {
  return (tag >= 0xa0 && tag < 0xc0) || (tag >= 0xd9 && tag <= 0xdb);
}

/** Numbers, booleans and nil. */
function isScalar(tag: number): boolean {
  return (
    tag < 0x80 || tag >= 0xe0 || tag === 0xc0 || tag === 0xc2 || tag === 0xc3 || (tag >= 0xca && tag <= 0xd3)
  );
}

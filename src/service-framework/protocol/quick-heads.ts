import { IncomingBody, IncomingRequest } from './incoming.js';
import { IncomingReply } from './incoming-reply.js';
import type { ProtocolLimits } from './limits.js';
import { ShortTexts } from './short-texts.js';

/**
 * Reads envelopes as our own writers lay them out: MessagePack, fields in their order, every number in
 * its shortest form, no key and no trace. One straight walk costs a tenth of the general reader on a
 * processor that has just woken up. It believes nothing that the general reader would refuse: at the
 * first byte it does not expect it gives up, and the general reader judges the whole message.
 */
export class QuickHeads {
  /** Commands that the general reader has found well-formed. */
  readonly #commands = new ShortTexts();
  #buffer: Buffer = EMPTY;
  #at = 0;
  /** Where the last command lay that was not known; -1 = it was. */
  #unknownAt = -1;

  /** The request that is the whole frame; undefined = ask the general reader. */
  request(frame: Buffer, limits: ProtocolLimits): IncomingRequest | undefined {
    const { length } = frame;
    if (length > limits.messageBytes || length < 12) return undefined;
    this.#buffer = frame;
    this.#unknownAt = -1;
    let left = this.#start();
    if (left < 2) return undefined;
    const id = this.#unsigned();
    if (id < 0 || !this.#name3(0x63, 0x6d, 0x64)) return undefined;
    const cmd = this.#command();
    if (cmd === undefined) return undefined;
    left -= 2;
    let ttl: number | undefined;
    if (left > 0 && this.#name3(0x74, 0x74, 0x6c)) {
      ttl = this.#unsigned();
      if (ttl < 0) return undefined;
      left--;
    }
    let acceptsBatch = false;
    if (left > 0 && frame[this.#at] === 0xa5) {
      if (!this.#isBatchTrue()) return undefined;
      acceptsBatch = true;
      left--;
    }
    const headEnd = this.#at;
    if (!this.#body(left, limits)) return undefined;
    const bodyStart = headEnd === length ? -1 : this.#at;
    const body = new IncomingBody(frame, bodyStart, bodyStart < 0 ? -1 : length, limits);
    return new IncomingRequest('msgpack', id, cmd, ttl, undefined, undefined, acceptsBatch, undefined, body);
  }

  /** The reply that is the whole frame; undefined = ask the general reader. */
  reply(frame: Buffer, limits: ProtocolLimits): IncomingReply | undefined {
    const { length } = frame;
    if (length > limits.messageBytes || length < 10) return undefined;
    this.#buffer = frame;
    let left = this.#start();
    if (left < 2) return undefined;
    const id = this.#unsigned();
    const at = this.#at;
    if (id < 0 || frame[at] !== 0xa2 || frame[at + 1] !== 0x6f || frame[at + 2] !== 0x6b) return undefined;
    const ok = frame[at + 3];
    if (ok !== 0xc3 && ok !== 0xc2) return undefined;
    this.#at = at + 4;
    left -= 2;
    let us: number | undefined;
    if (left > 0 && frame[at + 4] === 0xa2 && frame[at + 5] === 0x75 && frame[at + 6] === 0x73) {
      this.#at = at + 7;
      us = this.#unsigned();
      if (us < 0) return undefined;
      left--;
    }
    const headEnd = this.#at;
    if (!this.#body(left, limits)) return undefined;
    const bodyStart = headEnd === length ? -1 : this.#at;
    const body = new IncomingBody(frame, bodyStart, bodyStart < 0 ? -1 : length, limits);
    return new IncomingReply(id, ok === 0xc3, us, undefined, body);
  }

  /** The general reader has found the command well-formed that was not known just now. */
  learn(cmd: string): void {
    const start = this.#unknownAt;
    if (start < 0) return;
    this.#unknownAt = -1;
    const end = start + cmd.length;
    if (this.#buffer.toString('latin1', start, end) === cmd)
      this.#commands.remember(cmd, this.#buffer, start, end);
  }

  /** Steps over the map header, `v` = 1 and the name `id`. @returns fields left, `id` included, or -1 */
  #start(): number {
    const buffer = this.#buffer;
    const tag = buffer[0] as number;
    if (tag < 0x83 || tag > 0x88 || buffer[1] !== 0xa1 || buffer[2] !== 0x76 || buffer[3] !== 1) return -1;
    if (buffer[4] !== 0xa2 || buffer[5] !== 0x69 || buffer[6] !== 0x64) return -1;
    this.#at = 7;
    return (tag & 0x0f) - 1;
  }

  /** An unsigned integer below 2^32, or -1. */
  #unsigned(): number {
    const buffer = this.#buffer;
    const at = this.#at;
    const tag = buffer[at] as number;
    if (tag < 0x80) {
      this.#at = at + 1;
      return tag;
    }
    if (tag < 0xcc || tag > 0xce) return -1;
    const size = 1 << (tag - 0xcc);
    if (at + size >= buffer.length) return -1;
    let value = 0;
    for (let i = 1; i <= size; i++) value = value * 256 + (buffer[at + i] as number);
    this.#at = at + 1 + size;
    return value;
  }

  /** Steps over a name of three letters if it comes next. */
  #name3(a: number, b: number, c: number): boolean {
    const buffer = this.#buffer;
    const at = this.#at;
    if (buffer[at] !== 0xa3 || buffer[at + 1] !== a || buffer[at + 2] !== b || buffer[at + 3] !== c)
      return false;
    this.#at = at + 4;
    return true;
  }

  #command(): string | undefined {
    const start = this.#at + 1;
    const size = (this.#buffer[start - 1] as number) - 0xa0;
    if (size < 0 || size > 31 || start + size > this.#buffer.length) return undefined;
    this.#at = start + size;
    const known = this.#commands.recall(this.#buffer, start, start + size);
    if (known === undefined) this.#unknownAt = start;
    return known;
  }

  #isBatchTrue(): boolean {
    const buffer = this.#buffer;
    const at = this.#at;
    this.#at = at + 7;
    return (
      buffer[at + 1] === 0x62 &&
      buffer[at + 2] === 0x61 &&
      buffer[at + 3] === 0x74 &&
      buffer[at + 4] === 0x63 &&
      buffer[at + 5] === 0x68 &&
      buffer[at + 6] === 0xc3
    );
  }

  /** Whether the rest of the frame is a body, and the last of the fields, or nothing at all. */
  #body(left: number, limits: ProtocolLimits): boolean {
    const buffer = this.#buffer;
    const at = this.#at;
    const { length } = buffer;
    if (at > limits.envelopeBytes - 8) return false;
    if (left === 0) return at === length;
    if (left !== 1 || buffer[at] !== 0xa4 || buffer[at + 1] !== 0x62 || buffer[at + 2] !== 0x6f) return false;
    if (buffer[at + 3] !== 0x64 || buffer[at + 4] !== 0x79) return false;
    const tag = buffer[at + 5] as number;
    if (tag < 0xc4 || tag > 0xc6) return false;
    const sizeBytes = 1 << (tag - 0xc4);
    const start = at + 6 + sizeBytes;
    if (start > length) return false;
    let size = 0;
    for (let i = at + 6; i < start; i++) size = size * 256 + (buffer[i] as number);
    this.#at = start;
    return size === length - start;
  }
}

const EMPTY = Buffer.alloc(0);

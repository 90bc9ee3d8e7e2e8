import { ServiceError } from '../../runtime/index.js';
import type { CodecName } from './codec.js';
import { encodeJson } from './encode-json.js';
import { encodeMessagePack } from './encode-message-pack.js';
import {
  type EventHeader,
  type MessageId,
  PROTOCOL_VERSION,
  type ReplyHeader,
  type RequestHeader,
  type StreamItemHeader,
  toErrorBody,
} from './envelope.js';
import { type MessageMemory, MessagePackWriter } from './message-pack-writer.js';

/** The envelope fields in their order on the wire; undefined ones are left out. */
type Fields = Readonly<Record<string, number | string | boolean | undefined>>;

/**
 * A body encoded before, in the codec of the envelope it goes into: sent again (retry, fan-out)
 * without being encoded again.
 */
export class EncodedBody {
  constructor(readonly bytes: Uint8Array) {}
}

/**
 * @param body the payload, an `EncodedBody`, or undefined for none
 * @param memory for a large message in MessagePack; absent = new
 * @throws ServiceError INVALID_ARGUMENT
 */
export function encodeRequest(
  codec: CodecName,
  header: RequestHeader,
  body?: unknown,
  memory?: MessageMemory,
): Uint8Array {
  if (codec === 'msgpack') return written(writeRequestHead, header, body, memory);
  const { id, cmd, ttl, key, tp, batch, stream } = header;
  return envelope(codec, { v: PROTOCOL_VERSION, id, cmd, ttl, key, tp, batch, stream }, body);
}

/** Asks the host to give up the request with that id. */
export function encodeCancel(codec: CodecName, id: MessageId): Uint8Array {
  return envelope(codec, { v: PROTOCOL_VERSION, id, cancel: true }, undefined);
}

/** Lets the host send that many more items of the stream with that id. */
export function encodeCredit(codec: CodecName, id: MessageId, credit: number): Uint8Array {
  return envelope(codec, { v: PROTOCOL_VERSION, id, credit }, undefined);
}

/** An item of a streamed reply. @throws ServiceError INVALID_ARGUMENT naming what in the body cannot be encoded */
export function encodeStreamItem(codec: CodecName, header: StreamItemHeader, body?: unknown): Uint8Array {
  const { id, seq } = header;
  return envelope(codec, { v: PROTOCOL_VERSION, id, seq, more: true }, body);
}

/** A successful reply. @throws ServiceError INVALID_ARGUMENT naming what in the body cannot be encoded */
export function encodeReply(codec: CodecName, header: ReplyHeader, body?: unknown): Uint8Array {
  if (codec === 'msgpack') return written(writeReplyHead, header, body);
  const { id, us, tp, seq } = header;
  return envelope(codec, { v: PROTOCOL_VERSION, id, ok: true, us, tp, seq }, body);
}

/** A reply that tells an error. Never throws: details that cannot be encoded are left out. */
export function encodeErrorReply(codec: CodecName, header: ReplyHeader, error: ServiceError): Uint8Array {
  const { id, us, tp, seq } = header;
  const fields = { v: PROTOCOL_VERSION, id, ok: false, us, tp, seq };
  const body = toErrorBody(error);
  try {
    return envelope(codec, fields, body);
  } catch {
    return envelope(codec, fields, { ...body, details: undefined });
  }
}

/** The second frame of an event. @throws ServiceError INVALID_ARGUMENT */
export function encodeEvent(codec: CodecName, header: EventHeader, body?: unknown): Uint8Array {
  const { epoch, seq, timeMs } = header;
  return envelope(codec, { v: PROTOCOL_VERSION, epoch, seq, timeMs }, body);
}

/**
 * One message of several envelopes of one codec: their bytes behind an array header, untouched.
 *
 * @throws ServiceError INVALID_ARGUMENT for an empty batch
 */
export function joinBatch(codec: CodecName, parts: readonly Uint8Array[]): Uint8Array {
  if (parts.length === 0) throw new ServiceError('INVALID_ARGUMENT', 'a batch needs at least one envelope');
  if (codec === 'json') {
    const pieces: Uint8Array[] = [];
    for (const part of parts) pieces.push(pieces.length === 0 ? OPEN : COMMA, part);
    return Buffer.concat([...pieces, CLOSE]);
  }
  const writer = new MessagePackWriter();
  writer.arrayHeader(parts.length);
  return Buffer.concat([writer.take(), ...parts]);
}

const OPEN = Buffer.from('[');
const COMMA = Buffer.from(',');
const CLOSE = Buffer.from(']');

function envelope(codec: CodecName, fields: Fields, body: unknown): Uint8Array {
  return codec === 'json' ? jsonEnvelope(fields, body) : messagePackEnvelope(fields, body);
}

function jsonEnvelope(fields: Fields, body: unknown): Uint8Array {
  const head = JSON.stringify(fields);
  if (body === undefined) return Buffer.from(head);
  const open = `${head.slice(0, -1)},"body":`;
  if (body instanceof EncodedBody) return Buffer.concat([Buffer.from(open), body.bytes, Buffer.from('}')]);
  return Buffer.from(`${open}${encodeJson(body)}}`);
}

function messagePackEnvelope(fields: Fields, body: unknown): Uint8Array {
  return written(writeHead, fields, body);
}

/** Writes the head of an envelope, given how many fields come after it. */
type HeadWriter<H> = (writer: MessagePackWriter, head: H, more: 0 | 1) => void;

function written<H>(writeHead: HeadWriter<H>, head: H, body: unknown, memory?: MessageMemory): Uint8Array {
  const writer = shared.pop() ?? new MessagePackWriter();
  if (memory) writer.memory = memory;
  try {
    writeHead(writer, head, body === undefined ? 0 : 1);
    if (body !== undefined) {
      writer.text('body');
      if (body instanceof EncodedBody) writer.binary(body.bytes);
      else {
        const start = writer.beginBinary();
        encodeMessagePack(writer, body);
        writer.endBinary(start);
      }
    }
    return writer.take();
  } finally {
    writer.clear();
    shared.push(writer);
  }
}

function writeHead(writer: MessagePackWriter, fields: Fields, more: 0 | 1): void {
  let count: number = more;
  for (const name in fields) if (fields[name] !== undefined) count++;
  writer.mapHeader(count);
  for (const name in fields) {
    const value = fields[name];
    if (value === undefined) continue;
    writer.text(name);
    if (typeof value === 'number') writer.number(value);
    else if (typeof value === 'string') writer.text(value);
    else writer.boolean(value);
  }
}

/** As `writeHead`, field by field: this one and the next are written for every call. */
function writeRequestHead(writer: MessagePackWriter, header: RequestHeader, more: 0 | 1): void {
  const { ttl, key, tp, batch, stream } = header;
  let count = 3 + more;
  if (ttl !== undefined) count++;
  if (key !== undefined) count++;
  if (tp !== undefined) count++;
  if (batch !== undefined) count++;
  if (stream !== undefined) count++;
  writer.mapHeader(count);
  writeStart(writer, header.id);
  writer.text('cmd');
  writer.text(header.cmd);
  if (ttl !== undefined) {
    writer.text('ttl');
    writer.number(ttl);
  }
  if (key !== undefined) {
    writer.text('key');
    writer.text(key);
  }
  if (tp !== undefined) {
    writer.text('tp');
    writer.text(tp);
  }
  if (batch !== undefined) {
    writer.text('batch');
    writer.boolean(batch);
  }
  if (stream !== undefined) {
    writer.text('stream');
    writer.number(stream);
  }
}

function writeReplyHead(writer: MessagePackWriter, { id, us, tp, seq }: ReplyHeader, more: 0 | 1): void {
  let count = 3 + more;
  if (us !== undefined) count++;
  if (tp !== undefined) count++;
  if (seq !== undefined) count++;
  writer.mapHeader(count);
  writeStart(writer, id);
  writer.text('ok');
  writer.boolean(true);
  if (us !== undefined) {
    writer.text('us');
    writer.number(us);
  }
  if (tp !== undefined) {
    writer.text('tp');
    writer.text(tp);
  }
  if (seq !== undefined) {
    writer.text('seq');
    writer.number(seq);
  }
}

function writeStart(writer: MessagePackWriter, id: MessageId): void {
  writer.text('v');
  writer.byte(PROTOCOL_VERSION);
  writer.text('id');
  if (typeof id === 'number') writer.number(id);
  else writer.text(id);
}

/** Writers at rest. More than one only when a getter of a body encodes something itself. */
const shared: MessagePackWriter[] = [];

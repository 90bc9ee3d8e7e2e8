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
  toErrorBody,
} from './envelope.js';
import { MessagePackWriter } from './message-pack-writer.js';

/** The envelope fields in their order on the wire; undefined ones are left out. */
type Fields = Readonly<Record<string, number | string | boolean | undefined>>;

/**
 * A body encoded before, in the codec of the envelope it goes into: sent again (retry, fan-out)
 * without being encoded again.
 */
export class EncodedBody {
  constructor(readonly bytes: Uint8Array) {}
}

/** @param body the payload, an `EncodedBody`, or undefined for none. @throws ServiceError INVALID_ARGUMENT */
export function encodeRequest(codec: CodecName, header: RequestHeader, body?: unknown): Uint8Array {
  const { id, cmd, ttl, key, tp, batch } = header;
  return envelope(codec, { v: PROTOCOL_VERSION, id, cmd, ttl, key, tp, batch }, body);
}

/** Asks the host to give up the request with that id. */
export function encodeCancel(codec: CodecName, id: MessageId): Uint8Array {
  return envelope(codec, { v: PROTOCOL_VERSION, id, cancel: true }, undefined);
}

/** A successful reply. @throws ServiceError INVALID_ARGUMENT naming what in the body cannot be encoded */
export function encodeReply(codec: CodecName, header: ReplyHeader, body?: unknown): Uint8Array {
  const { id, us, tp } = header;
  return envelope(codec, { v: PROTOCOL_VERSION, id, ok: true, us, tp }, body);
}

/** A reply that tells an error. Never throws: details that cannot be encoded are left out. */
export function encodeErrorReply(codec: CodecName, header: ReplyHeader, error: ServiceError): Uint8Array {
  const { id, us, tp } = header;
  const fields = { v: PROTOCOL_VERSION, id, ok: false, us, tp };
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
  const writer = shared.pop() ?? new MessagePackWriter();
  try {
    let count = body === undefined ? 0 : 1;
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
    if (body !== undefined) {
      writer.text('body');
      if (body instanceof EncodedBody) writer.binary(body.bytes);
      else writer.binaryOf(() => encodeMessagePack(writer, body));
    }
    return writer.take();
  } finally {
    writer.clear();
    shared.push(writer);
  }
}

/** Writers at rest. More than one only when a getter of a body encodes something itself. */
const shared: MessagePackWriter[] = [];

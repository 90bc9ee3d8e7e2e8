import { ServiceError } from '../../runtime/index.js';
import type { CodecName } from './codec.js';
import { isMessageId } from './envelope.js';
import { type ReadEnvelope, type ReadFrame, readFrame } from './frame.js';
import { type IncomingItem, itemOf } from './incoming.js';
import { DEFAULT_LIMITS, type ProtocolLimits } from './limits.js';
import { asBuffer } from './message-pack-cursor.js';
import { QuickHeads } from './quick-heads.js';

/** A message to a host, taken apart; or why nothing in it could be answered. */
export type Incoming =
  | {
      readonly codec: CodecName;
      /** It came as a batch: its sender takes batched replies. */
      readonly batch: boolean;
      readonly items: readonly IncomingItem[];
    }
  | { readonly dropped: string };

const QUICK = new QuickHeads();

/**
 * Reads one frame sent to a host. Never throws: what cannot be read is `dropped` (to be counted) or
 * `invalid` (to be answered), and a bad envelope in a batch spoils only itself.
 */
export function readMessage(frame: Uint8Array, limits: ProtocolLimits = DEFAULT_LIMITS): Incoming {
  const quick = QUICK.request(asBuffer(frame), limits);
  if (quick) return { codec: 'msgpack', batch: false, items: [quick] };
  let read: ReadFrame;
  try {
    read = readFrame(frame, limits);
  } catch (thrown) {
    return { dropped: reasonOf(thrown) };
  }
  const items = read.envelopes.map((envelope) => toItem(envelope, read, limits));
  const [only] = items;
  if (!read.batch && only?.kind === 'dropped') return { dropped: only.reason };
  return { codec: read.codec, batch: read.batch, items };
}

function toItem({ fields, error }: ReadEnvelope, frame: ReadFrame, limits: ProtocolLimits): IncomingItem {
  if (!error) {
    const item = itemOf(fields, frame.codec, frame.message, limits);
    if (item.kind === 'request') QUICK.learn(item.cmd);
    return item;
  }
  if (!isMessageId(fields.id)) return { kind: 'dropped', reason: error.message };
  return { kind: 'invalid', id: fields.id, error: ofEnvelope(error) };
}

/** What is malformed here is the envelope; its body has not been looked at. */
function ofEnvelope(error: ServiceError): ServiceError {
  if (error.field !== 'body') return error;
  return new ServiceError('INVALID_ARGUMENT', error.message, { field: 'envelope' });
}

/** The message of whatever was thrown. */
export function reasonOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : 'unreadable';
}

import { invalidArgument } from '../../runtime/index.js';
import { isMessageId, PROTOCOL_VERSION } from './envelope.js';
import type { EnvelopeFields } from './envelope-fields.js';
import { type ReadEnvelope, type ReadFrame, readFrame } from './frame.js';
import { IncomingBody, traceparent } from './incoming.js';
import { IncomingReply } from './incoming-reply.js';
import { DEFAULT_LIMITS, type ProtocolLimits } from './limits.js';
import { asBuffer } from './message-pack-cursor.js';
import { QuickHeads } from './quick-heads.js';
import { reasonOf } from './reader.js';

const QUICK = new QuickHeads();
const NOTHING: readonly string[] = [];

/** A message to a client, taken apart. */
export interface IncomingReplies {
  readonly replies: readonly IncomingReply[];
  /** Why some of it, or all, was no reply. */
  readonly dropped: readonly string[];
}

/** Reads one frame sent to a client. Never throws. */
export function readReplies(frame: Uint8Array, limits: ProtocolLimits = DEFAULT_LIMITS): IncomingReplies {
  const quick = QUICK.reply(asBuffer(frame), limits);
  if (quick) return { replies: [quick], dropped: NOTHING };
  const replies: IncomingReply[] = [];
  const dropped: string[] = [];
  try {
    const read = readFrame(frame, limits);
    for (const envelope of read.envelopes) {
      const reply = replyOf(envelope, read, limits);
      if (typeof reply === 'string') dropped.push(reply);
      else replies.push(reply);
    }
  } catch (thrown) {
    dropped.push(reasonOf(thrown));
  }
  return { replies, dropped };
}

function replyOf(
  { fields, error }: ReadEnvelope,
  frame: ReadFrame,
  limits: ProtocolLimits,
): IncomingReply | string {
  if (error) return error.message;
  const { v, id, ok, us, tp, seq } = fields;
  if (v !== PROTOCOL_VERSION) return invalidArgument('v', v, '1').message;
  if (!isMessageId(id)) return 'no readable id';
  const more = fields.more === true;
  if (!more && typeof ok !== 'boolean') return invalidArgument('ok', ok, 'true or false').message;
  if (seq !== undefined && !isCount(seq)) return invalidArgument('seq', seq, 'an unsigned integer').message;
  if (fields.bodyIsBare) return 'a body that is no bin';
  return new IncomingReply(
    id,
    more || ok === true,
    typeof us === 'number' ? us : undefined,
    typeof tp === 'string' ? traceparent(tp) : undefined,
    bodyOf(fields, frame, limits),
    seq,
    more,
  );
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

/** The body of an envelope. */
export function bodyOf(fields: EnvelopeFields, frame: ReadFrame, limits: ProtocolLimits): IncomingBody {
  return new IncomingBody(frame.message, fields.bodyStart, fields.bodyEnd, limits);
}

import { invalidArgument, type ServiceError } from '../../runtime/index.js';
import type { DecodeOptions } from './codec.js';
import { fromErrorBody, isMessageId, type MessageId, PROTOCOL_VERSION } from './envelope.js';
import type { EnvelopeFields } from './envelope-fields.js';
import { type ReadEnvelope, type ReadFrame, readFrame } from './frame.js';
import { IncomingBody, traceparent } from './incoming.js';
import { DEFAULT_LIMITS, type ProtocolLimits } from './limits.js';
import { reasonOf } from './reader.js';

/** A reply as it arrived, its body not yet decoded. */
export class IncomingReply {
  constructor(
    readonly id: MessageId,
    readonly ok: boolean,
    /** Microseconds spent in the host, when it said so. */
    readonly us: number | undefined,
    readonly tp: string | undefined,
    private readonly body: IncomingBody,
  ) {}

  /** Size of the body on the wire. */
  get bodyBytes(): number {
    return this.body.size;
  }

  /** The result; undefined when there is none. @throws ServiceError INVALID_ARGUMENT when it is malformed */
  decode(options?: DecodeOptions): unknown {
    return this.body.decode(options);
  }

  /** The error of a reply that is not `ok`. */
  error(): ServiceError {
    return fromErrorBody(this.body.decode());
  }
}

/** A message to a client, taken apart. */
export interface IncomingReplies {
  readonly replies: readonly IncomingReply[];
  /** Why some of it, or all, was no reply. */
  readonly dropped: readonly string[];
}

/** Reads one frame sent to a client. Never throws. */
export function readReplies(frame: Uint8Array, limits: ProtocolLimits = DEFAULT_LIMITS): IncomingReplies {
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
  const { v, id, ok, us, tp } = fields;
  if (v !== PROTOCOL_VERSION) return invalidArgument('v', v, '1').message;
  if (!isMessageId(id)) return 'no readable id';
  if (typeof ok !== 'boolean') return invalidArgument('ok', ok, 'true or false').message;
  if (fields.bodyIsBare) return 'a body that is no bin';
  return new IncomingReply(
    id,
    ok,
    typeof us === 'number' ? us : undefined,
    typeof tp === 'string' ? traceparent(tp) : undefined,
    bodyOf(fields, frame, limits),
  );
}

/** The body of an envelope. */
export function bodyOf(fields: EnvelopeFields, frame: ReadFrame, limits: ProtocolLimits): IncomingBody {
  return new IncomingBody(frame.message, fields.bodyStart, fields.bodyEnd, limits);
}

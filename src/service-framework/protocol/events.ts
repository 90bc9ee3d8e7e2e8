import { invalidArgument } from '../../runtime/index.js';
import type { DecodeOptions } from './codec.js';
import { type EventHeader, isMessageId, PROTOCOL_VERSION } from './envelope.js';
import { readFrame } from './frame.js';
import type { IncomingBody } from './incoming.js';
import { DEFAULT_LIMITS, type ProtocolLimits } from './limits.js';
import { malformed } from './malformed.js';
import { bodyOf } from './replies.js';

/** An event as it arrived, its body not yet decoded. */
export class IncomingEvent implements EventHeader {
  constructor(
    readonly epoch: number | string,
    readonly seq: number,
    readonly timeMs: number,
    private readonly body: IncomingBody,
  ) {}

  /** @throws ServiceError INVALID_ARGUMENT when the body is malformed */
  decode(options?: DecodeOptions): unknown {
    return this.body.decode(options);
  }
}

/**
 * Reads the second frame of an event; the first is its topic, as UTF-8.
 *
 * @throws ServiceError INVALID_ARGUMENT
 */
export function readEvent(frame: Uint8Array, limits: ProtocolLimits = DEFAULT_LIMITS): IncomingEvent {
  const read = readFrame(frame, limits);
  const [envelope] = read.envelopes;
  if (read.batch || !envelope) throw malformed('an event that is no single envelope', 0);
  if (envelope.error) throw envelope.error;
  const { v, epoch, seq, timeMs, bodyIsBare } = envelope.fields;
  if (v !== PROTOCOL_VERSION) throw invalidArgument('v', v, `${PROTOCOL_VERSION}`);
  if (!isMessageId(epoch)) throw invalidArgument('epoch', epoch, 'an unsigned integer or a short text');
  if (typeof seq !== 'number' || !Number.isSafeInteger(seq) || seq < 1)
    throw invalidArgument('seq', seq, 'an integer of at least 1');
  if (typeof timeMs !== 'number' || !Number.isFinite(timeMs))
    throw invalidArgument('timeMs', timeMs, 'Unix milliseconds');
  if (bodyIsBare) throw invalidArgument('body', undefined, 'a bin that holds the encoded payload');
  return new IncomingEvent(epoch, seq, timeMs, bodyOf(envelope.fields, read, limits));
}

import type { ServiceError } from '../../runtime/index.js';
import type { DecodeOptions } from './codec.js';
import { fromErrorBody, type MessageId } from './envelope.js';
import type { IncomingBody } from './incoming.js';

/** A reply as it arrived, its body not yet decoded; or, with `more`, an item of one that is streamed. */
export class IncomingReply {
  constructor(
    readonly id: MessageId,
    readonly ok: boolean,
    /** Microseconds spent in the host, when it said so. */
    readonly us: number | undefined,
    readonly tp: string | undefined,
    private readonly body: IncomingBody,
    /** Of an item: its number, from 1. Of a reply that ends a stream: how many items came before it. */
    readonly seq: number | undefined = undefined,
    /** An item, or without `seq` a sign of life: the reply itself is still to come. */
    readonly more = false,
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

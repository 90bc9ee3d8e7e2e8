import type { Role } from '../handler/index.js';
import type {
  CodecName,
  DecodeOptions,
  EncodedPayload,
  IncomingRequest,
  MessageId,
} from '../protocol/index.js';
import type { Caller, InboundMessage, InboundRequest, ItemSink } from '../transport/index.js';

/** What an answer needs to know of the message it answers. */
export interface ReplyAddress {
  readonly id: MessageId;
  readonly codec: CodecName;
  /** It came behind an empty frame (a REQ socket); its reply must too. */
  readonly delimited: boolean;
  readonly traceparent: string | undefined;
}

/** What the requests of one message have in common. */
export interface Arrival {
  readonly arrivedMs: number;
  readonly codec: CodecName;
  /** They came behind an empty frame (a REQ socket); the replies must too. */
  readonly delimited: boolean;
  readonly message: InboundMessage;
}

/** The validators know better, field by field, where NaN is allowed. A message is read once. */
const DECODING: DecodeOptions = { allowNonFinite: true, inPlace: true };

/** A request that came over a socket: what the host is told about it, and where its answer goes. */
export class SocketRequest implements InboundRequest, ReplyAddress {
  readonly id: MessageId;
  readonly codec: CodecName;
  readonly delimited: boolean;
  readonly arrivedMs: number;
  readonly message: InboundMessage;
  readonly command: string;
  readonly ttlMs: number | undefined;
  readonly key: string | undefined;
  readonly traceparent: string | undefined;
  /** Set before the request is handed over, where a stream was asked for. */
  stream: ItemSink | undefined;
  readonly #item: IncomingRequest;
  #state: 'new' | 'waiting' | 'answered' = 'new';

  constructor(
    item: IncomingRequest,
    readonly role: Role,
    readonly caller: Caller,
    { arrivedMs, codec, delimited, message }: Arrival,
  ) {
    this.#item = item;
    this.arrivedMs = arrivedMs;
    this.codec = codec;
    this.delimited = delimited;
    this.message = message;
    this.id = item.id;
    this.command = item.cmd;
    this.ttlMs = item.ttl;
    this.key = item.key;
    this.traceparent = item.tp;
    this.stream = undefined;
  }

  get bodyBytes(): number {
    return this.#item.bodyBytes;
  }

  /** Once: the columns of a large payload stay in its message. */
  decode(): unknown {
    return this.#item.decode(DECODING);
  }

  encoded(): EncodedPayload | undefined {
    return this.#item.encoded();
  }

  /** It was handed over; @returns whether it has no answer yet */
  waits(): boolean {
    if (this.#state === 'answered') return false;
    this.#state = 'waiting';
    return true;
  }

  /** It has its answer; @returns whether it had to wait for it */
  answered(): boolean {
    const waited = this.#state === 'waiting';
    this.#state = 'answered';
    return waited;
  }
}

import type { ServiceError } from '../../runtime/index.js';

/** A request on its way out. */
export interface OutgoingCall {
  readonly command: string;
  /** Plain values, DTOs and columns; undefined = none. Not kept: it may be changed after the call. */
  readonly payload?: unknown;
  /** Milliseconds to wait; also sent, so that the host stops working when nobody waits any more. */
  readonly timeoutMs: number;
  /** When it was made, on `clock.monotonicMs()`, for whoever would read the clock again; absent = now. */
  readonly madeMs?: number | undefined;
  readonly key?: string | undefined;
  /** W3C traceparent. */
  readonly traceparent?: string | undefined;
  /** Gives up: the call ends with CANCELLED and the host is told. */
  readonly signal?: AbortSignal | undefined;
  /** Lets NaN and infinities pass in the reply; else a reply that has one ends with INTERNAL. */
  readonly allowNonFinite?: boolean | undefined;
  /** It only reads, and may be asked of two hosts at once. For transports that know several. */
  readonly hedge?: boolean | undefined;
  /** Whose the call is, for transports that spread keys over hosts. */
  readonly shard?: string | undefined;
}

/** A request whose reply is wanted as a stream of items. */
export interface OutgoingStream extends OutgoingCall {
  /** Items that the host may send before more is granted: 1 to the limit `streamCredit`. */
  readonly credit: number;
}

/** A result; errors are thrown as ServiceError. */
export interface CallReply {
  /** Plain values, owned by the caller. */
  readonly body: unknown;
  /** Microseconds spent in the host. */
  readonly hostUs: number;
  readonly traceparent?: string | undefined;
}

/** Hears how a request ended: one of its methods is called, once. */
export interface ReplySink {
  replied(reply: CallReply): void;
  failed(error: ServiceError): void;
}

/** Hears a streamed reply: its items, in order and each once, then how it ended. */
export interface StreamReceiver extends ReplySink {
  /** @param body plain values, owned by the receiver */
  item(body: unknown): void;
}

/** A stream under way. It is given up by the signal of its call. */
export interface StreamControl {
  /** Lets the host send that many more items. Nothing happens once the stream has ended. */
  grant(credit: number): void;
}

/** An event as it was published. */
export interface HostEvent {
  readonly topic: string;
  /** Tells one life of the host from the next. */
  readonly epoch: number | string;
  /** Counts per topic from 1, without gaps within an epoch. */
  readonly seq: number;
  /** When it was published, Unix ms. */
  readonly timeMs: number;
  readonly body: unknown;
}

export type EventListener = (event: HostEvent) => void;

export interface Subscription {
  close(): void;
}

/**
 * Hears how the way of the events is doing, of each host there is: what it is when it subscribes, and every change.
 * Events cannot fail a call, so that whoever waits for them learns of trouble in no other way.
 */
export interface SubscriptionNews {
  connected?(): void;
  /** Events are missed until it is connected again, which is tried. */
  disconnected?(): void;
  /** UNAUTHENTICATED: the host does not let us in; it is tried again, slowly. */
  refused?(error: ServiceError): void;
}

/** As far as the socket knows; a host that hangs still looks connected. */
export type ConnectionState = 'connecting' | 'connected' | 'disconnected' | 'closed';

/**
 * The way to a host. Every request ends once: with a reply, or with a ServiceError by its deadline.
 *
 * `connectionLossOf(error)` tells whether a request that ended with UNAVAILABLE had left: if not,
 * sending it again is safe for any command.
 */
export interface Transport {
  request(call: OutgoingCall): Promise<CallReply>;
  /**
   * As {@link request}, with the end told to `sink` instead of through a promise: every promise between a
   * caller and its connection costs a microsecond. Never throws. Absent where it would be no cheaper.
   */
  send?(call: OutgoingCall, sink: ReplySink): void;
  /** Sends a request whose reply comes as a stream. Never throws; what goes wrong is told to `receiver`. */
  stream(call: OutgoingStream, receiver: StreamReceiver): StreamControl;
  /**
   * Hears events whose topic starts with `topicPrefix`, from the moment the host has heard of the
   * subscription. A listener that throws is logged and stays subscribed.
   *
   * @throws ServiceError FAILED_PRECONDITION when there is no way to receive events
   */
  subscribe(topicPrefix: string, listener: EventListener, news?: SubscriptionNews): Subscription;
  readonly state: ConnectionState;
  /**
   * Ends what is in flight with `error`; the connection stays, for what is asked later. Absent where a host cannot hang
   * without its caller.
   */
  abandon?(error: ServiceError): void;
  /** Why the host does not let us in (its CURVE keys); until it does, requests end at once with UNAUTHENTICATED. */
  readonly refusal?: string | undefined;
  /** Resolves at the next moment with a connection: at once when there is one, and when closed. */
  whenConnected(): Promise<void>;
  /** Ends what is pending with CANCELLED; never waits for the host. */
  close(): Promise<void>;
}

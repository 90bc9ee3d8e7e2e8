import type { ServiceError } from '../../runtime/index.js';
import type { Role } from '../handler/index.js';
import type { EncodedPayload } from '../protocol/index.js';
import type { CreditGate } from './credit-gate.js';

/** Where the items of a streamed reply go. */
export interface ItemSink {
  /** Says when the next item may be sent. */
  readonly gate: CreditGate;
  /** Sends an item. @throws ServiceError INVALID_ARGUMENT when it cannot be encoded within the limits */
  item(body: unknown): void;
}

/** Who asks: all requests of one caller share its part of the queues. */
export interface Caller {
  /** Bytes of messages with requests of it in flight; the host keeps count. */
  heldBytes: number;
}

/** A message that stays in memory while a request that came in it has no answer. */
export interface InboundMessage {
  readonly bytes: number;
  /** How many of its requests have none; the host keeps count. */
  requests: number;
}

/** A request as it reaches the host, before its body is touched. */
export interface InboundRequest {
  readonly id: number | string;
  readonly command: string;
  /** Milliseconds the caller will still wait; the host has a default and a maximum. */
  readonly ttlMs?: number | undefined;
  readonly key?: string | undefined;
  readonly traceparent?: string | undefined;
  readonly role: Role;
  /** Absent = this process. */
  readonly caller?: Caller | undefined;
  /** Size of the payload as it came; absent where it never was encoded. */
  readonly bodyBytes?: number | undefined;
  /** Absent where no message holds its payload. */
  readonly message?: InboundMessage | undefined;
  /** When it arrived, on `clock.monotonicMs()`. */
  readonly arrivedMs: number;
  /** The caller takes its reply as a stream; absent = in one piece. */
  readonly stream?: ItemSink | undefined;
  /** The payload as plain values; undefined when there is none. @throws ServiceError INVALID_ARGUMENT */
  decode(): unknown;
  /** The payload as it came, copied; undefined when there is none. Absent where it never was encoded. */
  readonly encoded?: (() => EncodedPayload | undefined) | undefined;
}

/** How a request ended. */
export type Outcome =
  | { readonly ok: true; readonly body: unknown }
  | { readonly ok: false; readonly error: ServiceError };

/** Called exactly once for each request, possibly before `submit()` returns. */
export type Finish = (outcome: Outcome, elapsedUs: number) => void;

/** A request that has no answer yet. */
export interface PendingRequest {
  /** Ends it with the given error, if it has not ended; the handler's signal aborts. */
  cancel(error: ServiceError): void;
  /** Lets a stream send that many more items, or ends it with the error that this is; nothing for other requests. */
  grant?(credit: number | ServiceError): void;
}

/** What is told about every answered request. */
export interface AnsweredRequest {
  readonly request: InboundRequest;
  readonly outcome: Outcome;
  readonly elapsedUs: number;
}

/** Looks on; must be quick and must not throw. */
export type AnswerObserver = (answered: AnsweredRequest) => void;

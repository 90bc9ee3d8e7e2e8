import { isErrorCode, ServiceError } from '../../runtime/index.js';

export const PROTOCOL_VERSION = 1;

/** Correlation id: an unsigned integer below 2^53, or a text of 1 to 64 characters. */
export type MessageId = number | string;

export const MAX_ID_CHARACTERS = 64;
export const MAX_KEY_CHARACTERS = 128;

/** What a request says about itself, beside its body. */
export interface RequestHeader {
  readonly id: MessageId;
  /** `service.verb`. */
  readonly cmd: string;
  /** Milliseconds the caller will still wait. */
  readonly ttl?: number | undefined;
  /** Idempotency key, 1 to 128 characters. */
  readonly key?: string | undefined;
  /** W3C traceparent. */
  readonly tp?: string | undefined;
  /** The sender takes batched replies. */
  readonly batch?: boolean | undefined;
  /** Asks for a reply in items, and grants this many of them to begin with. */
  readonly stream?: number | undefined;
}

/** What a reply says about itself, beside its body. */
export interface ReplyHeader {
  readonly id: MessageId;
  /** Microseconds spent in the host. */
  readonly us?: number | undefined;
  /** The request's traceparent, when it had one. */
  readonly tp?: string | undefined;
  /** Items sent before this reply, which ends a stream. */
  readonly seq?: number | undefined;
}

/** What an item of a streamed reply says about itself, beside its body. */
export interface StreamItemHeader {
  readonly id: MessageId;
  /** Counts the items of this stream from 1; undefined = no item, only a sign of life. */
  readonly seq?: number | undefined;
}

/** What an event says about itself, beside its topic and body. */
export interface EventHeader {
  /** One life of a host. */
  readonly epoch: number | string;
  /** Counts per topic from 1 without gaps within an epoch. */
  readonly seq: number;
  /** Unix milliseconds, UTC. */
  readonly timeMs: number;
}

/** A reply's body when `ok` is false. */
export interface ErrorBody {
  readonly code: string;
  readonly message: string;
  readonly field?: string;
  readonly details?: Readonly<Record<string, unknown>>;
  readonly retryAfterMs?: number;
}

/** An error as it travels. The cause stays at home. */
export function toErrorBody(error: ServiceError): ErrorBody {
  return {
    code: error.code,
    message: error.message,
    ...(error.field === undefined ? {} : { field: error.field }),
    ...(error.details === undefined ? {} : { details: error.details }),
    ...(error.retryAfterMs === undefined ? {} : { retryAfterMs: error.retryAfterMs }),
  };
}

/** An error as it arrived. A code that is not of the closed list, or no error body at all, becomes INTERNAL. */
export function fromErrorBody(body: unknown): ServiceError {
  if (typeof body !== 'object' || body === null)
    return new ServiceError('INTERNAL', 'the host answered with an error that says nothing');
  const { code, message, field, details, retryAfterMs } = body as Partial<Record<string, unknown>>;
  return new ServiceError(
    isErrorCode(code) ? code : 'INTERNAL',
    typeof message === 'string' ? message : 'no message',
    {
      ...(typeof field === 'string' ? { field } : {}),
      ...(isDetails(details) ? { details } : {}),
      ...(typeof retryAfterMs === 'number' && retryAfterMs >= 0 ? { retryAfterMs } : {}),
    },
  );
}

function isDetails(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value);
}

/** Whether a value can be a correlation id. */
export function isMessageId(value: unknown): value is MessageId {
  if (typeof value === 'number') return Number.isSafeInteger(value) && value >= 0;
  return typeof value === 'string' && value.length >= 1 && value.length <= MAX_ID_CHARACTERS;
}

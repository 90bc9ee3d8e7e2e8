import type { Clock, Logger, Rng } from '../../runtime/index.js';
import type { Role } from './role.js';

export interface HandlerCallOptions {
  /** Milliseconds to wait; never later than the calling request's own deadline. */
  readonly timeoutMs?: number | undefined;
  /** Idempotency key for the called command. */
  readonly key?: string | undefined;
  /** Gives up the call; the caller's own signal does too. */
  readonly signal?: AbortSignal | undefined;
}

export interface HandlerStreamOptions {
  /** Milliseconds for the whole stream; never later than the calling request's own deadline. */
  readonly timeoutMs?: number | undefined;
  /** Gives up the stream; the caller's own signal does too. */
  readonly signal?: AbortSignal | undefined;
  /** Items that the command may yield ahead of what has been taken. Default 32. */
  readonly window?: number | undefined;
}

/**
 * The items of a streamed reply, in order and each once. Leaving the loop early (`break`, `return`, an error) ends the
 * command. The reply that ends the stream is the iterator's return value too, so that `yield*` passes it on.
 */
export interface HandlerStream<T = unknown, R = unknown> extends AsyncIterableIterator<T, R | undefined> {
  /** The reply that ends the stream; rejects with what the iteration throws. May be left unawaited. */
  readonly result: Promise<R>;
  /** Gives the rest up; `result` rejects with CANCELLED, the iteration just ends. */
  cancel(): void;
}

/** What a handler may use of its host at any time, from `start()` on. */
export interface HandlerHost {
  readonly clock: Clock;
  readonly rng: Rng;
  readonly logger: Logger;
  /**
   * Calls another handler of this host by command name. The payload is checked as if it had come
   * over the wire; the reply is the handler's own object and must not be changed.
   *
   * @throws ServiceError whatever the command ends with; DEADLINE_EXCEEDED, CANCELLED, UNIMPLEMENTED
   */
  call<T = unknown>(command: string, payload?: unknown, options?: HandlerCallOptions): Promise<T>;
  /**
   * As {@link call}, for a command that answers with a stream:
   *
   *     for await (const record of context.stream('journal.read', { fromSeq: 1 })) …
   *
   * It begins at once. The command is resumed as the items are taken, `window` ahead at most; they are the handler's own
   * objects and must not be changed. It is cancelled with the request that it was opened by, and ends with it at the
   * latest.
   *
   * @throws ServiceError INVALID_ARGUMENT for bad options; what the command ends with is thrown by the iteration
   */
  stream<T = unknown, R = unknown>(
    command: string,
    payload?: unknown,
    options?: HandlerStreamOptions,
  ): HandlerStream<T, R>;
  /**
   * Publishes an event to all subscribers of `topic`. It never waits and never throws: news must not
   * break the work it is about, so an event that cannot be sent is logged and dropped.
   */
  publish(topic: string, body: unknown): void;
}

/** The idempotency key of a request and the digest of its checked body. */
export interface Idempotency {
  readonly key: string;
  /** SHA-256, hex, of the body in canonical form. Same digest = same request. */
  readonly digest: string;
}

/** Everything a handler knows about one request, and all it may do while answering it. */
export interface RequestContext extends HandlerHost {
  readonly command: string;
  /** The caller's correlation id. */
  readonly requestId: number | string;
  readonly role: Role;
  /** When the caller stops waiting, on `clock.monotonicMs()`. */
  readonly deadlineMs: number;
  /** Milliseconds left; 0 once the deadline has passed. */
  remainingMs(): number;
  /** Aborts when the deadline passes, the caller cancels or the host stops; its reason is a ServiceError. */
  readonly signal: AbortSignal;
  readonly key?: string | undefined;
  /**
   * Set for commands that declare a key and got one. A handler with effects stores both together
   * with its answer in the record of the effect, so that effect and answer are one atomic write.
   */
  readonly idempotency?: Idempotency | undefined;
  /** W3C traceparent of the caller. */
  readonly traceparent?: string | undefined;
}

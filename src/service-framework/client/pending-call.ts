import { type ServiceError } from '../../runtime/index.js';
import type { CallReply, OutgoingCall, ReplySink } from '../transport/index.js';

/** What a call asks of its client when a try of it has failed. */
export interface RetryingClient {
  /** Tries again later, or ends the call with `error`. */
  failed(call: PendingCall, error: ServiceError): void;
}

/**
 * One call from the caller's promise to the socket and back: what is sent, who hears the end, and how
 * often it was tried, in one object.
 */
export class PendingCall implements OutgoingCall, ReplySink {
  /** 1 = the first try. */
  number = 1;
  readonly #client: RetryingClient;
  readonly #resolve: (body: never) => void;
  readonly #reject: (error: ServiceError) => void;

  constructor(
    client: RetryingClient,
    readonly command: string,
    readonly payload: unknown,
    readonly key: string | undefined,
    readonly traceparent: string | undefined,
    readonly signal: AbortSignal | undefined,
    readonly allowNonFinite: boolean | undefined,
    readonly hedge: boolean | undefined,
    readonly shard: string | undefined,
    readonly mayRetry: boolean,
    /** Of the whole call, on `clock.monotonicMs()`. */
    readonly deadlineMs: number,
    /** Of this try. */
    public timeoutMs: number,
    /** Of this try. */
    public madeMs: number,
    resolve: (body: never) => void,
    reject: (error: ServiceError) => void,
  ) {
    this.#client = client;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  replied(reply: CallReply): void {
    this.#resolve(reply.body as never);
  }

  failed(error: ServiceError): void {
    this.#client.failed(this, error);
  }

  end(error: ServiceError): void {
    this.#reject(error);
  }
}

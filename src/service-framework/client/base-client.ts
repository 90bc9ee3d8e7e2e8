import { type Clock, invalidArgument, type Logger, ServiceError, sleep } from '../../runtime/index.js';
import type { ConnectionState, Subscription, Transport } from '../transport/index.js';
import { type ClientOptions, resolveClientOptions } from './client-options.js';
import { type ClientEventListener, withGaps } from './event-gaps.js';
import { type ClientStep, composeClientInterceptors } from './interceptor.js';
import { RetryPolicy } from './retry-policy.js';

export interface CallOptions {
  /** Milliseconds for the whole call, retries included. Default: the client's. */
  readonly timeoutMs?: number | undefined;
  /** Idempotency key; every retry carries the same. */
  readonly key?: string | undefined;
  /** Gives up: the call ends with CANCELLED, and the host is told. */
  readonly signal?: AbortSignal | undefined;
  /** `false` = this call is tried once. */
  readonly retry?: false | undefined;
  /** W3C traceparent. */
  readonly traceparent?: string | undefined;
  /** Lets NaN and infinities pass in the reply; else a reply that has one ends with INTERNAL. */
  readonly allowNonFinite?: boolean | undefined;
}

/** Reply of {@link BaseClient.ping}. */
export interface Pong {
  /** Time of the host, Unix ms. */
  readonly timeMs: number;
  readonly roundTripMs: number;
}

/**
 * Calls commands of a host: by name, with a deadline each, retried as far as the protocol allows.
 * Typed stubs are thin methods over {@link call}.
 */
export class BaseClient {
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #timeoutMs: number;
  readonly #policy: RetryPolicy;
  readonly #transport: Transport;
  readonly #send: ClientStep;
  /** Ends the waits between tries when the client is closed. */
  readonly #closing = new AbortController();

  /** @throws ServiceError INVALID_ARGUMENT, FAILED_PRECONDITION for an endpoint outside this machine */
  constructor(options: ClientOptions) {
    const resolved = resolveClientOptions(options);
    this.#clock = resolved.clock;
    this.#logger = resolved.logger;
    this.#timeoutMs = resolved.timeoutMs;
    this.#policy = new RetryPolicy(resolved.rng, resolved.retry);
    this.#transport = resolved.transport;
    this.#send = composeClientInterceptors(resolved.interceptors, (call) => this.#transport.request(call));
  }

  get state(): ConnectionState {
    return this.#transport.state;
  }

  /** Resolves at the next moment with a connection to a host. */
  whenConnected(): Promise<void> {
    return this.#transport.whenConnected();
  }

  /**
   * Calls a command.
   *
   * @returns the reply as plain values; columns are typed arrays, or arrays of numbers with codec json
   * @throws ServiceError with a code of the protocol; DEADLINE_EXCEEDED when no answer came in time
   */
  async call<T = unknown>(command: string, payload?: unknown, options: CallOptions = {}): Promise<T> {
    const { timeoutMs = this.#timeoutMs, key, signal, traceparent } = options;
    if (!(timeoutMs > 0)) throw invalidArgument('timeoutMs', timeoutMs, 'a positive number of milliseconds');
    const deadlineMs = this.#clock.monotonicMs() + timeoutMs;
    this.#policy.deposit();
    for (let number = 1; ; number++) {
      const leftMs = deadlineMs - this.#clock.monotonicMs();
      try {
        const reply = await this.#send({
          command,
          payload,
          timeoutMs: Math.max(1, Math.min(leftMs, this.#policy.attemptTimeoutMs)),
          key,
          traceparent,
          signal,
          allowNonFinite: options.allowNonFinite,
        });
        return reply.body as T;
      } catch (thrown) {
        const error = ServiceError.from(thrown);
        const delayMs =
          options.retry === false
            ? undefined
            : this.#policy.delayMs({ number, error, keyed: key !== undefined });
        if (delayMs === undefined || this.#clock.monotonicMs() + delayMs >= deadlineMs) throw error;
        this.#logger.debug({ command, number, code: error.code, delayMs }, 'trying again');
        await this.#pause(delayMs, signal, command);
      }
    }
  }

  /**
   * Hears events. A topic that is empty or ends with a dot is a prefix; any other must match exactly.
   *
   * @throws ServiceError FAILED_PRECONDITION when the client has no event endpoint
   */
  subscribe(topic: string, listener: ClientEventListener): Subscription {
    const hear = withGaps(listener);
    const isPrefix = topic === '' || topic.endsWith('.');
    return this.#transport.subscribe(topic, (event) => {
      if (isPrefix || event.topic === topic) hear(event);
    });
  }

  /** Asks the host for a sign of life. */
  async ping(options: CallOptions = {}): Promise<Pong> {
    const startMs = this.#clock.monotonicMs();
    const { timeMs } = await this.call<{ timeMs: number }>('service.ping', undefined, options);
    return { timeMs, roundTripMs: this.#clock.monotonicMs() - startMs };
  }

  /** Ends what is pending with CANCELLED and closes the connection; never waits for the host. */
  async close(): Promise<void> {
    this.#closing.abort(new ServiceError('CANCELLED', 'the client was closed'));
    await this.#transport.close();
  }

  async #pause(delayMs: number, signal: AbortSignal | undefined, command: string): Promise<void> {
    const stop = signal ? AbortSignal.any([signal, this.#closing.signal]) : this.#closing.signal;
    try {
      await sleep(this.#clock, delayMs, stop);
    } catch (cause) {
      throw new ServiceError('CANCELLED', `${command}: the caller gave up`, { cause });
    }
  }
}

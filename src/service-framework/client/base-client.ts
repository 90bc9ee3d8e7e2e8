import { type Clock, invalidArgument, ServiceError } from '../../runtime/index.js';
import type {
  CallReply,
  ConnectionState,
  EventListener,
  Subscription,
  SubscriptionNews,
  Transport,
} from '../transport/index.js';
import { type ClientOptions, resolveClientOptions } from './client-options.js';
import { type ClientEventListener, withGaps } from './event-gaps.js';
import { type ClientInterceptor, type ClientStep, composeClientInterceptors } from './interceptor.js';
import { PendingCall, type RetryingClient } from './pending-call.js';
import { ReplyStream, type StreamOptions } from './reply-stream.js';
import { RetryPolicy } from './retry-policy.js';
import { type RetryWaiting, retryWait } from './retry-wait.js';
import { type OpenStream, streamOpener } from './stream-opener.js';

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
  /** It only reads: where the client hedges, two hosts may be asked. Default: whether `hedge.commands` has it. */
  readonly hedge?: boolean | undefined;
  /** Whose the call is: goes to the host of this key. Default: what `shardBy` says. */
  readonly shard?: string | undefined;
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
  readonly #timeoutMs: number;
  readonly #policy: RetryPolicy;
  readonly #transport: Transport;
  /** Sends a call once; its end is told to the call itself. */
  readonly #send: (call: PendingCall) => void;
  readonly #openStream: OpenStream;
  readonly #retrying: RetryingClient = { failed: (call, error) => this.#failed(call, error) };
  /** Ends the waits between tries when the client is closed. */
  readonly #closing = new AbortController();
  readonly #waiting: RetryWaiting;

  /** @throws ServiceError INVALID_ARGUMENT, FAILED_PRECONDITION for an endpoint outside this machine */
  constructor(options: ClientOptions) {
    const resolved = resolveClientOptions(options);
    this.#clock = resolved.clock;
    this.#timeoutMs = resolved.timeoutMs;
    this.#policy = new RetryPolicy(resolved.rng, resolved.retry);
    this.#transport = resolved.transport;
    this.#send = senderOf(resolved.transport, resolved.interceptors);
    this.#openStream = streamOpener(resolved.transport, resolved.interceptors);
    const { clock, logger } = resolved;
    this.#waiting = { clock, logger, policy: this.#policy, closing: this.#closing.signal };
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
  call<T = unknown>(command: string, payload?: unknown, options: CallOptions = NO_OPTIONS): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const timeoutMs = options.timeoutMs ?? this.#timeoutMs;
      if (!(timeoutMs > 0))
        throw invalidArgument('timeoutMs', timeoutMs, 'a positive number of milliseconds');
      const nowMs = this.#clock.monotonicMs();
      this.#policy.deposit();
      this.#send(
        new PendingCall(
          this.#retrying,
          command,
          payload,
          options.key,
          options.traceparent,
          options.signal,
          options.allowNonFinite,
          options.hedge,
          options.shard,
          options.retry !== false,
          nowMs + timeoutMs,
          Math.max(1, Math.min(timeoutMs, this.#policy.attemptTimeoutMs)),
          nowMs,
          resolve,
          reject,
        ),
      );
    });
  }

  /**
   * Calls a command whose reply is a stream of items:
   *
   *     for await (const record of client.stream('journal.read', { fromSeq: 1 })) …
   *
   * The host sends no more than `window` items ahead of what has been taken, so a slow reader costs no memory. A stream
   * that has begun is not tried again.
   *
   * @throws ServiceError INVALID_ARGUMENT for bad options; what the command ends with is thrown by the iteration
   */
  stream<T = unknown, R = unknown>(
    command: string,
    payload?: unknown,
    options: StreamOptions = NO_OPTIONS,
  ): ReplyStream<T, R> {
    const { timeoutMs = DEFAULT_STREAM_MS } = options;
    if (!(timeoutMs > 0)) throw invalidArgument('timeoutMs', timeoutMs, 'a positive number of milliseconds');
    return new ReplyStream<T, R>(command, payload, options, {
      ...this.#waiting,
      deadlineMs: this.#clock.monotonicMs() + timeoutMs,
      open: this.#openStream,
    });
  }

  /**
   * Hears events. A topic that is empty or ends with a dot is a prefix; any other must match exactly.
   *
   * @param news hears whether events can come: a host that is gone or refuses us fails no call here
   * @throws ServiceError FAILED_PRECONDITION when the client has no event endpoint
   */
  subscribe(topic: string, listener: ClientEventListener, news?: SubscriptionNews): Subscription {
    const hear = withGaps(listener);
    const isPrefix = topic === '' || topic.endsWith('.');
    const own: EventListener = (event) => {
      if (isPrefix || event.topic === topic) hear(event);
    };
    return this.#transport.subscribe(topic, own, news);
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

  /** Tries again as far as policy and time allow, else ends the call. */
  #failed(call: PendingCall, error: ServiceError): void {
    const { command, number, deadlineMs, signal } = call;
    const keyed = call.key !== undefined;
    const wait = call.mayRetry
      ? retryWait(this.#waiting, { command, number, error, keyed, deadlineMs, signal })
      : undefined;
    if (wait)
      wait.then(
        () => this.#again(call),
        (gaveUp: ServiceError) => call.end(gaveUp),
      );
    else call.end(error);
  }

  #again(call: PendingCall): void {
    call.number++;
    const nowMs = this.#clock.monotonicMs();
    const leftMs = call.deadlineMs - nowMs;
    call.madeMs = nowMs;
    call.timeoutMs = Math.max(1, Math.min(leftMs, this.#policy.attemptTimeoutMs));
    this.#send(call);
  }
}

/** The shortest way to the host: straight to its connection, unless someone must look at every try. */
function senderOf(
  transport: Transport,
  interceptors: readonly ClientInterceptor[],
): (call: PendingCall) => void {
  if (interceptors.length === 0 && transport.send) {
    const direct = transport as Required<Pick<Transport, 'send'>>;
    return (call) => direct.send(call, call);
  }
  const step = composeClientInterceptors(interceptors, (call) => transport.request(call));
  return (call) => {
    tryOnce(step, call).then(
      (reply) => call.replied(reply),
      (thrown) => call.failed(ServiceError.from(thrown)),
    );
  };
}

async function tryOnce(step: ClientStep, call: PendingCall): Promise<CallReply> {
  const { command, payload, timeoutMs, key, traceparent, signal, allowNonFinite, hedge, shard } = call;
  return step({ command, payload, timeoutMs, key, traceparent, signal, allowNonFinite, hedge, shard });
}

const NO_OPTIONS: CallOptions = {};
/** What is streamed takes longer than what is answered: results of replays and backtests. */
const DEFAULT_STREAM_MS = 60_000;

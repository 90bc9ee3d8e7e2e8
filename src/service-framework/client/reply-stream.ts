import { ServiceError } from '../../runtime/index.js';
import { ItemStream, type StreamControl } from '../transport/index.js';
import { type RetryWaiting, retryWait } from './retry-wait.js';
import type { OpenStream } from './stream-opener.js';

export interface StreamOptions {
  /** Milliseconds for the whole stream. Default 60,000. */
  readonly timeoutMs?: number | undefined;
  /** Gives up: the stream ends with CANCELLED, and the host is told. */
  readonly signal?: AbortSignal | undefined;
  /** Items that may be on their way or wait to be taken. Default 32. */
  readonly window?: number | undefined;
  /** `false` = it is tried once, also when the host could not be reached. */
  readonly retry?: false | undefined;
  /** W3C traceparent. */
  readonly traceparent?: string | undefined;
  /** Lets NaN and infinities pass; else an item that has one ends the stream with INTERNAL. */
  readonly allowNonFinite?: boolean | undefined;
  /** Whose the call is: goes to the host of this key. Default: what `shardBy` says. */
  readonly shard?: string | undefined;
}

/** What a stream needs of its client. */
export interface StreamSource extends RetryWaiting {
  /** On `clock.monotonicMs()`. */
  readonly deadlineMs: number;
  readonly open: OpenStream;
}

/**
 * The items of a streamed reply, in order and each once. Leaving the loop early (`break`, `return`, an error) cancels
 * the command in the host. One reader: a second loop goes on where the first one stopped.
 */
export class ReplyStream<T, R = unknown> extends ItemStream<T, R> {
  readonly result: Promise<R>;
  readonly #stop = new AbortController();
  #control: StreamControl | undefined;

  /** @throws ServiceError INVALID_ARGUMENT */
  constructor(command: string, payload: unknown, options: StreamOptions, source: StreamSource) {
    super(options.window);
    this.result = this.#run(command, payload, options, source);
    this.result.then(
      (value) => this.ended({ value }),
      (error: ServiceError) => this.ended({ error }),
    );
  }

  protected override grant(credit: number): void {
    this.#control?.grant(credit);
  }

  protected override giveUp(): void {
    this.#stop.abort();
  }

  async #run(command: string, payload: unknown, options: StreamOptions, source: StreamSource): Promise<R> {
    const { clock, policy, deadlineMs, open } = source;
    const { traceparent, allowNonFinite, shard, retry } = options;
    const signal = AbortSignal.any([this.#stop.signal, ...(options.signal ? [options.signal] : [])]);
    policy.deposit();
    for (let number = 1; ; number++) {
      const timeoutMs = Math.max(1, deadlineMs - clock.monotonicMs());
      try {
        const reply = await open(
          { command, payload, timeoutMs, signal, traceparent, allowNonFinite, shard, credit: this.window },
          (body) => this.arrived(body as T),
          (control) => {
            this.#control = control;
          },
        );
        return reply.body as R;
      } catch (thrown) {
        const error = ServiceError.from(thrown);
        // A second try would begin anew.
        const mayRetry = retry !== false && !this.begun;
        const failed = { command, number, error, keyed: false, deadlineMs, signal };
        const wait = mayRetry ? retryWait(source, failed) : undefined;
        if (!wait) throw error;
        await wait;
      }
    }
  }
}

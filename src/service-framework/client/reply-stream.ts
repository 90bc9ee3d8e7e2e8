import { invalidArgument, ServiceError } from '../../runtime/index.js';
import type { StreamControl } from '../transport/index.js';
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

const DEFAULT_WINDOW = 32;

/**
 * The items of a streamed reply, in order and each once. Leaving the loop early (`break`, `return`, an error) cancels
 * the command in the host. One reader: a second loop goes on where the first one stopped.
 */
export class ReplyStream<T, R = unknown> implements AsyncIterableIterator<T, undefined> {
  /** The reply that ends the stream; rejects with what the iteration throws. May be left unawaited. */
  readonly result: Promise<R>;
  readonly #window: number;
  readonly #giveUp = new AbortController();
  #waiting: T[] = [];
  #head = 0;
  /** Taken since credit was last granted. */
  #taken = 0;
  #control: StreamControl | undefined;
  #end: { readonly error: ServiceError | undefined } | undefined;
  #wake: (() => void) | undefined;
  #begun = false;

  /** @throws ServiceError INVALID_ARGUMENT */
  constructor(command: string, payload: unknown, options: StreamOptions, source: StreamSource) {
    const { window = DEFAULT_WINDOW } = options;
    if (!Number.isSafeInteger(window) || window < 1)
      throw invalidArgument('window', window, 'an integer of at least 1');
    this.#window = window;
    this.result = this.#run(command, payload, options, source);
    this.result.then(
      () => this.#ended(undefined),
      (error: ServiceError) => this.#ended(error),
    );
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** @throws ServiceError whatever the command ends with, after the items that came before */
  async next(): Promise<IteratorResult<T, undefined>> {
    for (;;) {
      if (this.#head < this.#waiting.length) return { done: false, value: this.#take() };
      if (this.#end?.error) throw this.#end.error;
      if (this.#end) return DONE;
      await new Promise<void>((wake) => {
        const before = this.#wake;
        this.#wake = () => {
          before?.();
          wake();
        };
      });
    }
  }

  /** Gives the rest up. */
  async return(): Promise<IteratorResult<T, undefined>> {
    this.cancel();
    return DONE;
  }

  /** Gives the rest up; `result` rejects with CANCELLED, the iteration just ends. */
  cancel(): void {
    this.#waiting = [];
    this.#head = 0;
    this.#end ??= { error: undefined };
    this.#tell();
    this.#giveUp.abort();
  }

  async #run(command: string, payload: unknown, options: StreamOptions, source: StreamSource): Promise<R> {
    const { clock, policy, deadlineMs, open } = source;
    const { traceparent, allowNonFinite, shard, retry } = options;
    const signal = AbortSignal.any([this.#giveUp.signal, ...(options.signal ? [options.signal] : [])]);
    policy.deposit();
    for (let number = 1; ; number++) {
      const timeoutMs = Math.max(1, deadlineMs - clock.monotonicMs());
      try {
        const reply = await open(
          { command, payload, timeoutMs, signal, traceparent, allowNonFinite, shard, credit: this.#window },
          (body) => this.#arrived(body as T),
          (control) => {
            this.#control = control;
          },
        );
        return reply.body as R;
      } catch (thrown) {
        const error = ServiceError.from(thrown);
        // What was given out cannot be taken back, and a second try would begin anew.
        const mayRetry = retry !== false && !this.#begun;
        const failed = { command, number, error, keyed: false, deadlineMs, signal };
        const wait = mayRetry ? retryWait(source, failed) : undefined;
        if (!wait) throw error;
        await wait;
      }
    }
  }

  #arrived(item: T): void {
    this.#begun = true;
    if (this.#end) return;
    this.#waiting.push(item);
    this.#tell();
  }

  #take(): T {
    const item = this.#waiting[this.#head++] as T;
    if (this.#head === this.#waiting.length) {
      this.#waiting = [];
      this.#head = 0;
    }
    // In halves, so that granting costs a message now and then and the host never runs dry meanwhile.
    if (++this.#taken * 2 >= this.#window) {
      this.#control?.grant(this.#taken);
      this.#taken = 0;
    }
    return item;
  }

  #ended(error: ServiceError | undefined): void {
    this.#end ??= { error };
    this.#tell();
  }

  #tell(): void {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }
}

const DONE: IteratorReturnResult<undefined> = { done: true, value: undefined };

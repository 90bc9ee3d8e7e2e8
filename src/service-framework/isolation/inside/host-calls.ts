import { type Logger, ServiceError } from '../../../runtime/index.js';
import type { HandlerCallOptions, HandlerStream, HandlerStreamOptions } from '../../handler/index.js';
import { decodeBody } from '../../protocol/index.js';
import { encodeOwned, fromCrossing } from '../crossing.js';
import type { Ended, FromSide } from '../messages.js';
import { HostStream } from './host-stream.js';

type Post = (message: FromSide, bytes?: Uint8Array) => void;

/** Hears the items of a streamed reply, and how many may come to begin with. */
interface Streaming {
  readonly credit: number;
  item(bytes: Uint8Array | undefined): void;
}

interface Waiting {
  readonly streaming: Streaming | undefined;
  resolve(value: unknown): void;
  reject(reason: unknown): void;
}

/** What a handler asks of its host from the other side. */
export class HostCalls {
  readonly #post: Post;
  readonly #waiting = new Map<number, Waiting>();
  #ids = 0;

  constructor(post: Post) {
    this.#post = post;
  }

  call(
    parent: number | undefined,
    command: string,
    payload: unknown,
    options: HandlerCallOptions,
  ): Promise<unknown> {
    return this.#ask(++this.#ids, parent, command, payload, options, undefined);
  }

  /** As `call`, for a reply in items. */
  stream<T, R>(
    parent: number | undefined,
    command: string,
    payload: unknown,
    { timeoutMs, signal, window }: HandlerStreamOptions,
  ): HandlerStream<T, R> {
    const id = ++this.#ids;
    return new HostStream<T, R>(window, {
      open: (credit, item) =>
        this.#ask(id, parent, command, payload, { timeoutMs, signal }, { credit, item }),
      grant: (credit) => this.#tell({ type: 'host_credit', id, credit }),
      giveUp: () => this.#tell({ type: 'host_cancel', id }),
    });
  }

  /** The next item of a stream. */
  item(id: number, bytes: Uint8Array | undefined): void {
    this.#waiting.get(id)?.streaming?.item(bytes);
  }

  #ask(
    id: number,
    parent: number | undefined,
    command: string,
    payload: unknown,
    { signal, timeoutMs, key }: HandlerCallOptions,
    streaming: Streaming | undefined,
  ): Promise<unknown> {
    const ended = new Promise<unknown>((resolve, reject) => {
      if (signal?.aborted) throw new ServiceError('CANCELLED', `${command}: the caller gave up`);
      const bytes = encodeOwned('msgpack', payload);
      const onAbort = (): void => this.#tell({ type: 'host_cancel', id });
      const settled = (): void => signal?.removeEventListener('abort', onAbort);
      this.#waiting.set(id, {
        streaming,
        resolve: (value) => {
          settled();
          resolve(value);
        },
        reject: (reason) => {
          settled();
          reject(reason);
        },
      });
      signal?.addEventListener('abort', onAbort, { once: true });
      const stream = streaming?.credit;
      this.#post({ type: 'host_call', id, parent, command, bytes, timeoutMs, key, stream }, bytes);
    });
    // A handler that stops waiting for one of its calls must not bring its thread down.
    ended.catch(() => undefined);
    return ended;
  }

  /** About a call, while it has no answer. */
  #tell(message: Extract<FromSide, { readonly type: 'host_credit' | 'host_cancel' }>): void {
    if (this.#waiting.has(message.id)) this.#post(message);
  }

  ended(id: number, ended: Ended): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (!waiting) return;
    try {
      if (!ended.ok) waiting.reject(fromCrossing(ended.error));
      else waiting.resolve(ended.bytes && decodeBody('msgpack', ended.bytes, { allowNonFinite: true }));
    } catch (unreadable) {
      waiting.reject(unreadable);
    }
  }

  /** Never throws; what cannot be sent is logged. */
  publish(topic: string, body: unknown, logger: Logger): void {
    try {
      const bytes = encodeOwned('msgpack', body);
      this.#post({ type: 'publish', topic, bytes }, bytes);
    } catch (err) {
      logger.error({ err, topic }, 'an event could not be published');
    }
  }
}

import { type Logger, ServiceError } from '../../../runtime/index.js';
import type { HandlerCallOptions } from '../../handler/index.js';
import { decodeBody } from '../../protocol/index.js';
import { encodeOwned, fromCrossing } from '../crossing.js';
import type { Ended, FromSide } from '../messages.js';

type Post = (message: FromSide, bytes?: Uint8Array) => void;

interface Waiting {
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
    const { signal, timeoutMs, key } = options;
    const id = ++this.#ids;
    const ended = new Promise<unknown>((resolve, reject) => {
      if (signal?.aborted) throw new ServiceError('CANCELLED', `${command}: the caller gave up`);
      const bytes = encodeOwned('msgpack', payload);
      const onAbort = (): void => this.#post({ type: 'host_cancel', id });
      const settled = (): void => signal?.removeEventListener('abort', onAbort);
      this.#waiting.set(id, {
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
      this.#post({ type: 'host_call', id, parent, command, bytes, timeoutMs, key }, bytes);
    });
    // A handler that stops waiting for one of its calls must not bring its thread down.
    ended.catch(() => undefined);
    return ended;
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

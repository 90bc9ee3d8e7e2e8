import { types } from 'node:util';
import { type Clock, ServiceError } from '../../runtime/index.js';
import type { ItemSink } from '../transport/index.js';
import { refuseThenable } from './thenable.js';

/** Items sent in one turn of the event loop, and the time for them, before the sockets get theirs. */
const BURST_ITEMS = 64;
const BURST_MS = 5;

type Source = AsyncIterator<unknown> | Iterator<unknown>;

/**
 * Carries the items that a handler yields to its caller, one after the other as they may be sent: waiting for credit is
 * what holds a fast handler back. It is asked for one item ahead, because the end of a stream needs no credit.
 */
export class StreamPump {
  readonly #source: unknown;
  readonly #sink: ItemSink;
  readonly #clock: Clock;
  #burst = 0;
  #burstEndMs = 0;

  /** @param source what the handler returned: an iterable of items, async or not, or a native Promise of one */
  constructor(source: unknown, sink: ItemSink, clock: Clock) {
    this.#source = source;
    this.#sink = sink;
    this.#clock = clock;
  }

  /**
   * Sends items until the handler has no more, or {@link stop}.
   *
   * @returns the handler's return value
   * @throws whatever the handler throws; ServiceError INTERNAL for an item that cannot be sent
   */
  async run(): Promise<unknown> {
    const items = iteratorOf(types.isPromise(this.#source) ? await this.#source : this.#source);
    let finished = false;
    try {
      while (!this.#sink.gate.closed) {
        let next: Promise<IteratorResult<unknown>> | IteratorResult<unknown>;
        try {
          next = await items.next();
        } catch (thrown) {
          finished = true;
          throw thrown;
        }
        if (next.done === true) {
          finished = true;
          return next.value;
        }
        if (await this.#maySend()) this.#send(next.value);
      }
      return undefined;
    } finally {
      if (!finished) await items.return?.();
    }
  }

  /** Nobody waits for more: the handler is ended where it stands, once it comes to its next `yield`. */
  stop(): void {
    this.#sink.gate.close();
  }

  /** Waits until an item may be sent. @returns whether one ever may */
  async #maySend(): Promise<boolean> {
    if (++this.#burst > BURST_ITEMS || this.#clock.monotonicMs() > this.#burstEndMs) {
      // A handler that never waits would otherwise keep everybody else waiting.
      if (this.#burst > 1) await new Promise<void>((next) => setImmediate(next));
      this.#burst = 1;
      this.#burstEndMs = this.#clock.monotonicMs() + BURST_MS;
    }
    const { gate } = this.#sink;
    while (!gate.open && !gate.closed) await new Promise<void>((wake) => gate.onChange(wake));
    return !gate.closed;
  }

  #send(item: unknown): void {
    try {
      this.#sink.item(refuseThenable(item));
    } catch (cause) {
      throw new ServiceError('INTERNAL', 'an item of the stream could not be encoded within the limits', {
        cause,
      });
    }
    this.#sink.gate.spend();
  }
}

function iteratorOf(source: unknown): Source {
  if (typeof source === 'object' && source !== null) {
    if (Symbol.asyncIterator in source) return (source as AsyncIterable<unknown>)[Symbol.asyncIterator]();
    if (Symbol.iterator in source) return (source as Iterable<unknown>)[Symbol.iterator]();
  }
  throw new ServiceError('INTERNAL', 'the handler of a stream returned nothing that can be iterated');
}

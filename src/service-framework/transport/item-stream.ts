import { invalidArgument, type ServiceError } from '../../runtime/index.js';
import { DEFAULT_LIMITS } from '../protocol/index.js';

/** Items that may be on their way or wait to be taken, where nobody says. */
export const DEFAULT_WINDOW = 32;

/** How a stream ended. */
type End<R> = { readonly error: ServiceError } | { readonly value: R | undefined };

const ENDED = { value: undefined };

/**
 * Items between their arrival and their reader, in order and each once; who sends them is granted as many as are taken.
 * Leaving the loop early (`break`, `return`, an error) gives the rest up. One reader: a second loop goes on where the
 * first one stopped. The reply that ends the stream is the iterator's return value, so that `yield*` passes it on.
 */
export abstract class ItemStream<T, R = unknown> implements AsyncIterableIterator<T, R | undefined> {
  /** The reply that ends the stream; rejects with what the iteration throws. May be left unawaited. */
  abstract readonly result: Promise<R>;
  protected readonly window: number;
  #waiting: T[] = [];
  #head = 0;
  /** Taken since credit was last granted. */
  #taken = 0;
  #end: End<R> | undefined;
  #wake: (() => void) | undefined;
  #begun = false;

  /** @throws ServiceError INVALID_ARGUMENT */
  constructor(window: number = DEFAULT_WINDOW) {
    const most = DEFAULT_LIMITS.streamCredit;
    if (!Number.isSafeInteger(window) || window < 1 || window > most)
      throw invalidArgument('window', window, `an integer from 1 to ${most}`);
    this.window = window;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** @throws ServiceError whatever the command ends with, after the items that came before */
  async next(): Promise<IteratorResult<T, R | undefined>> {
    for (;;) {
      if (this.#head < this.#waiting.length) return { done: false, value: this.#take() };
      const end = this.#end;
      if (end && 'error' in end) throw end.error;
      if (end) {
        // Once, as a generator does.
        this.#end = ENDED;
        return { done: true, value: end.value };
      }
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
    return { done: true, value: undefined };
  }

  /** Gives the rest up; `result` rejects with CANCELLED, the iteration just ends. */
  cancel(): void {
    this.#waiting = [];
    this.#head = 0;
    this.#end ??= { value: undefined };
    this.#tell();
    this.giveUp();
  }

  /** Lets that many more items come. */
  protected abstract grant(credit: number): void;

  /** Nobody takes more: the command is cancelled, if it has not ended. */
  protected abstract giveUp(): void;

  /** An item has come: what was given out cannot be taken back. */
  protected get begun(): boolean {
    return this.#begun;
  }

  protected arrived(item: T): void {
    this.#begun = true;
    if (this.#end) return;
    this.#waiting.push(item);
    this.#tell();
  }

  protected ended(end: End<R>): void {
    this.#end ??= end;
    this.#tell();
  }

  #take(): T {
    const item = this.#waiting[this.#head++] as T;
    if (this.#head === this.#waiting.length) {
      this.#waiting = [];
      this.#head = 0;
    }
    // In halves, so that granting costs a message now and then and the sender never runs dry meanwhile.
    if (++this.#taken * 2 >= this.window) {
      this.grant(this.#taken);
      this.#taken = 0;
    }
    return item;
  }

  #tell(): void {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }
}

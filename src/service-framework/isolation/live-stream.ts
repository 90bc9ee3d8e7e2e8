import type { RequestContext } from '../handler/index.js';
import { decodeBody, EncodedBody, type EncodedPayload } from '../protocol/index.js';
import type { LiveSide } from './live-side.js';

/** Items that may be on their way here, so that crossing takes no part in how fast they come. */
const WINDOW_ITEMS = 16;

/**
 * The streamed reply of an isolated handler, as the host asks for it: item by item. What is not asked for is not sent,
 * but for a few items ahead.
 */
export class LiveStream implements AsyncIterableIterator<unknown> {
  readonly #grant: (credit: number) => void;
  readonly #giveUp: () => void;
  readonly #asBytes: boolean;
  readonly #arrived: (Uint8Array | undefined)[] = [];
  #taken = 0;
  #end: (() => IteratorResult<unknown>) | undefined;
  #wake: (() => void) | undefined;

  constructor(
    side: LiveSide,
    command: string,
    payload: EncodedPayload | undefined,
    context: RequestContext,
    /** Items leave as the bytes they come as. */
    asBytes: boolean,
  ) {
    this.#asBytes = asBytes;
    const item = (bytes: Uint8Array | undefined): void => {
      this.#arrived.push(bytes);
      this.#tell();
    };
    const stream = { credit: WINDOW_ITEMS, item };
    const { ended, grant, giveUp } = side.stream(command, payload, context, {
      digestOnly: false,
      asBytes,
      stream,
    });
    this.#grant = grant;
    this.#giveUp = giveUp;
    ended.then(
      (value) => this.#ended(() => ({ done: true, value })),
      (thrown) =>
        this.#ended(() => {
          throw thrown;
        }),
    );
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<unknown>> {
    while (this.#arrived.length === 0 && !this.#end)
      await new Promise<void>((wake) => {
        this.#wake = wake;
      });
    if (this.#arrived.length === 0) return this.#end ? this.#end() : DONE;
    return { done: false, value: this.#take() };
  }

  async return(): Promise<IteratorResult<unknown>> {
    this.#giveUp();
    return DONE;
  }

  #take(): unknown {
    const bytes = this.#arrived.shift();
    if (++this.#taken === WINDOW_ITEMS / 2) {
      this.#grant(this.#taken);
      this.#taken = 0;
    }
    if (bytes === undefined) return undefined;
    return this.#asBytes ? new EncodedBody(bytes) : decodeBody('msgpack', bytes, { allowNonFinite: true });
  }

  #ended(end: () => IteratorResult<unknown>): void {
    this.#end = end;
    this.#tell();
  }

  #tell(): void {
    this.#wake?.();
    this.#wake = undefined;
  }
}

const DONE: IteratorResult<unknown> = { done: true, value: undefined };

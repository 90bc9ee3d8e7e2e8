import { ServiceError } from '../../../runtime/index.js';
import type { HandlerStream } from '../../handler/index.js';
import { decodeBody } from '../../protocol/index.js';
import { ItemStream } from '../../transport/index.js';

/** What a stream needs of the way to the host. */
export interface HostStreamWays {
  /** Asks for it with that many items to begin with; resolves with the reply that ends it. */
  open(credit: number, item: (bytes: Uint8Array | undefined) => void): Promise<unknown>;
  grant(credit: number): void;
  giveUp(): void;
}

/** The streamed reply of a command of the host, as an isolated handler takes it. */
export class HostStream<T, R> extends ItemStream<T, R> implements HandlerStream<T, R> {
  readonly result: Promise<R>;
  readonly #ways: HostStreamWays;

  /** @throws ServiceError INVALID_ARGUMENT */
  constructor(window: number | undefined, ways: HostStreamWays) {
    super(window);
    this.#ways = ways;
    this.result = ways.open(this.window, (bytes) =>
      this.arrived((bytes && decodeBody('msgpack', bytes, { allowNonFinite: true })) as T),
    ) as Promise<R>;
    this.result.then(
      (value) => this.ended({ value }),
      (thrown) => this.ended({ error: ServiceError.from(thrown) }),
    );
  }

  protected override grant(credit: number): void {
    this.#ways.grant(credit);
  }

  protected override giveUp(): void {
    this.#ways.giveUp();
  }
}

import { ServiceError } from '../../runtime/index.js';
import type { HandlerStream } from '../handler/index.js';
import { DEFAULT_LIMITS } from '../protocol/index.js';
import {
  CreditGate,
  type Finish,
  type ItemSink,
  ItemStream,
  type PendingRequest,
} from '../transport/index.js';

/** The streamed reply of a handler, as another handler of the same host takes it: nothing is encoded or copied. */
export class LocalStream<T, R> extends ItemStream<T, R> implements HandlerStream<T, R> {
  readonly result: Promise<R>;
  #pending: PendingRequest | undefined;

  /**
   * @param open asks the command; what it throws is how the stream ends
   * @throws ServiceError INVALID_ARGUMENT
   */
  constructor(window: number | undefined, open: (sink: ItemSink, finish: Finish) => PendingRequest) {
    super(window);
    const gate = new CreditGate(this.window, DEFAULT_LIMITS.streamCredit);
    this.result = new Promise<R>((resolve, reject) => {
      this.#pending = open({ gate, item: (body) => this.arrived(body as T) }, (outcome) => {
        if (outcome.ok) resolve(outcome.body as R);
        else reject(outcome.error);
      });
    });
    this.result.then(
      (value) => this.ended({ value }),
      (thrown) => this.ended({ error: ServiceError.from(thrown) }),
    );
  }

  protected override grant(credit: number): void {
    this.#pending?.grant?.(credit);
  }

  protected override giveUp(): void {
    this.#pending?.cancel(new ServiceError('CANCELLED', 'the rest of the stream was given up'));
  }
}

import { ServiceError } from '../../runtime/index.js';
import type { IncomingReply } from '../protocol/index.js';
import { type CallTable, OpenCall } from './call-table.js';
import type { OutgoingStream, StreamReceiver } from './transport.js';

/** A stream that has not ended. It holds its host to what it has promised: in order, each once, no more than granted. */
export class OpenStream extends OpenCall {
  readonly #receiver: StreamReceiver;
  #granted: number;
  #received = 0;

  constructor(
    id: number,
    call: OutgoingStream,
    deadlineMs: number,
    bytes: Uint8Array,
    table: CallTable,
    receiver: StreamReceiver,
  ) {
    super(id, call, deadlineMs, bytes, table, receiver);
    this.#receiver = receiver;
    this.#granted = call.credit;
  }

  granted(credit: number): void {
    this.#granted += credit;
  }

  /**
   * Takes an item, or a sign of life.
   *
   * @throws ServiceError INTERNAL when the host breaks its promise or the item cannot be read
   */
  item(item: IncomingReply): void {
    const { seq } = item;
    if (seq === undefined || !this.open) return;
    if (seq !== this.#received + 1)
      throw this.#broken(`item ${seq} came after item ${this.#received} of the stream`);
    if (seq > this.#granted) throw this.#broken(`the host sent more than the ${this.#granted} items granted`);
    this.#received = seq;
    let body: unknown;
    try {
      body = item.decode({ allowNonFinite: this.call.allowNonFinite === true });
    } catch (cause) {
      throw this.#broken(`item ${seq} cannot be read: ${(cause as Error).message}`, cause);
    }
    this.#receiver.item(body);
  }

  /** @throws ServiceError INTERNAL when the reply that ends the stream tells of other items than those received */
  checkEnd({ seq, ok }: IncomingReply): void {
    if (seq === undefined && ok) throw this.#broken('the host answered without a stream');
    if (seq !== undefined && seq !== this.#received)
      throw this.#broken(`${this.#received} items arrived, ${seq} were sent`);
  }

  #broken(why: string, cause?: unknown): ServiceError {
    return new ServiceError('INTERNAL', `${this.call.command}: ${why}`, { cause });
  }
}

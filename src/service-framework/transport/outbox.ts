import type { Dealer } from 'zeromq';
import type { Clock, Timer } from '../../runtime/index.js';
import { type CodecName, joinBatch } from '../protocol/index.js';

/** An encoded envelope on its way out. */
export interface Outgoing {
  readonly bytes: Uint8Array;
  /** False once nobody waits for it any more: it is not sent. */
  wanted(): boolean;
  sent(): void;
}

export interface OutboxOptions {
  readonly clock: Clock;
  readonly codec: CodecName;
  readonly batchBytes: number;
  readonly batchEnvelopes: number;
  /** Whether the socket has a peer; nothing is tried without. */
  connected(): boolean;
  /** The socket refused for another reason than being full. */
  failed(error: unknown): void;
}

const FIRST_RETRY_MS = 1;
const LONGEST_RETRY_MS = 16;

/** The only writer of a DEALER socket: what is queued in one turn of the event loop leaves together. */
export class Outbox {
  readonly #socket: Dealer;
  readonly #options: OutboxOptions;
  #waiting: Outgoing[] = [];
  #writing = false;
  #scheduled = false;
  #retry: Timer | undefined;
  #retryMs = FIRST_RETRY_MS;

  constructor(socket: Dealer, options: OutboxOptions) {
    this.#socket = socket;
    this.#options = options;
  }

  push(outgoing: Outgoing): void {
    this.#waiting.push(outgoing);
    if (this.#scheduled || this.#writing) return;
    this.#scheduled = true;
    // After what runs side by side now: calls that are made together leave together.
    queueMicrotask(() =>
      queueMicrotask(() => {
        this.#scheduled = false;
        this.flush();
      }),
    );
  }

  /** Sends what waits, as far as the socket takes it. */
  flush(): void {
    if (!this.#writing && this.#options.connected()) void this.#write();
  }

  close(): void {
    this.#retry?.cancel();
    this.#waiting = [];
  }

  async #write(): Promise<void> {
    this.#writing = true;
    try {
      while (this.#waiting.length > 0 && this.#options.connected()) {
        const batch = this.#take();
        if (batch.length === 0) continue;
        try {
          const accepted = this.#socket.send(this.#messageOf(batch));
          for (const each of batch) each.sent();
          await accepted;
          this.#retryMs = FIRST_RETRY_MS;
        } catch (error) {
          this.#refused(batch, error as NodeJS.ErrnoException);
          return;
        }
      }
    } finally {
      this.#writing = false;
    }
  }

  #messageOf(batch: readonly Outgoing[]): Uint8Array {
    const [only] = batch;
    if (batch.length === 1 && only) return only.bytes;
    return joinBatch(
      this.#options.codec,
      batch.map(({ bytes }) => bytes),
    );
  }

  #refused(batch: readonly Outgoing[], error: NodeJS.ErrnoException): void {
    this.#waiting = [...batch, ...this.#waiting];
    if (error.code === 'EAGAIN') this.#tryLater();
    else this.#options.failed(error);
  }

  /** The next message's worth; envelopes that nobody wants any more are left out. */
  #take(): Outgoing[] {
    const { batchBytes, batchEnvelopes } = this.#options;
    const batch: Outgoing[] = [];
    let bytes = 0;
    let taken = 0;
    for (const each of this.#waiting) {
      if (each.wanted()) {
        bytes += each.bytes.byteLength;
        if (batch.length > 0 && (bytes > batchBytes || batch.length === batchEnvelopes)) break;
        batch.push(each);
      }
      taken++;
    }
    this.#waiting = taken === this.#waiting.length ? [] : this.#waiting.slice(taken);
    return batch;
  }

  /** The socket is full; it does not tell when it no longer is. */
  #tryLater(): void {
    this.#retry?.cancel();
    this.#retry = this.#options.clock.schedule(this.#retryMs, () => this.flush());
    this.#retryMs = Math.min(this.#retryMs * 2, LONGEST_RETRY_MS);
  }
}

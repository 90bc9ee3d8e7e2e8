import type { Dealer } from 'zeromq';
import type { Clock, Timer } from '../../runtime/index.js';
import { type CodecName, joinBatch } from '../protocol/index.js';

/** An encoded envelope on its way out. */
export interface Outgoing {
  readonly bytes: Uint8Array;
  /** False once nobody waits for it any more: it is not sent. */
  readonly open: boolean;
  /** Set when it is handed to the socket: on which life of the connection. */
  generation: number | undefined;
}

export interface OutboxOptions {
  readonly clock: Clock;
  readonly codec: CodecName;
  readonly batchBytes: number;
  readonly batchEnvelopes: number;
  /** The socket refused for another reason than being full. */
  failed(error: unknown): void;
}

const FIRST_RETRY_MS = 1;
const LONGEST_RETRY_MS = 16;
/** Its reactions run after those that are under way, without what `queueMicrotask` spends on tracing. */
const SETTLED = Promise.resolve();
const NOTHING: readonly Outgoing[] = [];

/** The only writer of a DEALER socket: what is queued in one turn of the event loop leaves together. */
export class Outbox {
  readonly #socket: Dealer;
  readonly #options: OutboxOptions;
  #waiting: Outgoing[] = [];
  /** With the socket, which has not said yet whether it takes them. */
  #offered: readonly Outgoing[] = NOTHING;
  /** Used again for every message of one envelope. */
  readonly #only: Outgoing[] = [];
  #generation: number | undefined;
  #scheduled = false;
  #held = false;
  #retry: Timer | undefined;
  #retryMs = FIRST_RETRY_MS;
  readonly #flushSoon = (): void => {
    this.#scheduled = false;
    if (!this.#held) this.flush();
  };
  readonly #onAccepted = (): void => {
    this.#offered = NOTHING;
    this.#retryMs = FIRST_RETRY_MS;
    if (this.#waiting.length > 0 && !this.#held) this.flush();
  };
  readonly #onRefused = (error: NodeJS.ErrnoException): void => this.#refused(error);

  constructor(socket: Dealer, options: OutboxOptions) {
    this.#socket = socket;
    this.#options = options;
  }

  /** Without a connection nothing is tried; `undefined` = there is none. */
  set generation(generation: number | undefined) {
    this.#generation = generation;
    if (generation !== undefined) this.flush();
  }

  push(outgoing: Outgoing): void {
    this.#waiting.push(outgoing);
    if (this.#scheduled || this.#held || this.#offered.length > 0) return;
    this.#scheduled = true;
    // After what runs side by side now: calls that are made together leave together.
    void SETTLED.then(this.#flushSoon);
  }

  /** Keeps everything back until {@link release}: a turn has begun whose end is known. */
  hold(): void {
    this.#held = true;
  }

  release(): void {
    this.#held = false;
    if (this.#waiting.length > 0) this.flush();
  }

  /** Sends what waits, as far as the socket takes it. */
  flush(): void {
    while (this.#offered.length === 0 && this.#generation !== undefined && this.#waiting.length > 0) {
      const batch = this.#take();
      if (batch.length > 0) this.#offer(batch, this.#generation);
    }
  }

  close(): void {
    this.#retry?.cancel();
    this.#waiting = [];
    this.#generation = undefined;
  }

  #offer(batch: readonly Outgoing[], generation: number): void {
    this.#offered = batch;
    for (const each of batch) each.generation = generation;
    try {
      // Decided when it returns, because the socket's send timeout is 0; told by the promise.
      this.#socket.send(this.#messageOf(batch)).then(this.#onAccepted, this.#onRefused);
    } catch (error) {
      this.#offered = NOTHING;
      this.#options.failed(error);
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

  #refused(error: NodeJS.ErrnoException): void {
    const batch = this.#offered;
    this.#offered = NOTHING;
    if (error.code !== 'EAGAIN') {
      this.#options.failed(error);
      return;
    }
    for (const each of batch) each.generation = undefined;
    this.#waiting = [...batch, ...this.#waiting];
    this.#tryLater();
  }

  /** The next message's worth; envelopes that nobody wants any more are left out. */
  #take(): readonly Outgoing[] {
    const waiting = this.#waiting;
    if (waiting.length === 1) return this.#takeOnly(waiting.pop());
    this.#waiting = [];
    const { batchBytes, batchEnvelopes } = this.#options;
    const batch: Outgoing[] = [];
    let bytes = 0;
    let taken = 0;
    for (const each of waiting) {
      if (each.open) {
        bytes += each.bytes.byteLength;
        if (batch.length > 0 && (bytes > batchBytes || batch.length === batchEnvelopes)) break;
        batch.push(each);
      }
      taken++;
    }
    if (taken < waiting.length) this.#waiting = waiting.slice(taken);
    return batch;
  }

  #takeOnly(only: Outgoing | undefined): readonly Outgoing[] {
    if (!only?.open) return NOTHING;
    this.#only[0] = only;
    return this.#only;
  }

  /** The socket is full; it does not tell when it no longer is. */
  #tryLater(): void {
    this.#retry?.cancel();
    this.#retry = this.#options.clock.schedule(this.#retryMs, () => this.flush());
    this.#retryMs = Math.min(this.#retryMs * 2, LONGEST_RETRY_MS);
  }
}

import { type Clock, ServiceError } from '../../runtime/index.js';
import { Deadlines, type Expiring } from './deadlines.js';
import type { CallReply, OutgoingCall, ReplySink } from './transport.js';

/** A request that has no answer yet. It ends once. */
export class OpenCall implements Expiring {
  /** Which life of the connection it was sent on; undefined while it waits to be sent. */
  generation: number | undefined;
  watchedBefore: Expiring | undefined;
  watchedAfter: Expiring | undefined;
  open = true;
  /** The memory that its bytes lie in, where it may be used again once the reply has come. */
  lent: Buffer | undefined;
  #table: CallTable;
  #sink: ReplySink;
  #onAbort: (() => void) | undefined;

  constructor(
    readonly id: number,
    readonly call: OutgoingCall,
    readonly deadlineMs: number,
    /** The encoded envelope. */
    readonly bytes: Uint8Array,
    table: CallTable,
    sink: ReplySink,
  ) {
    this.generation = undefined;
    this.watchedBefore = undefined;
    this.watchedAfter = undefined;
    this.lent = undefined;
    this.#table = table;
    this.#sink = sink;
    this.#onAbort = undefined;
  }

  /** Ends it with CANCELLED when the caller's signal aborts, and tells `onGivenUp` afterwards. */
  follow(signal: AbortSignal, onGivenUp: (call: OpenCall) => void): void {
    this.#onAbort = () => {
      this.reject(new ServiceError('CANCELLED', `${this.call.command}: the caller gave up`));
      onGivenUp(this);
    };
    signal.addEventListener('abort', this.#onAbort, { once: true });
  }

  expire(): void {
    const { command, timeoutMs } = this.call;
    this.reject(new ServiceError('DEADLINE_EXCEEDED', `${command}: no answer within ${timeoutMs} ms`));
  }

  resolve(reply: CallReply): void {
    if (this.#end()) this.#sink.replied(reply);
  }

  reject(error: ServiceError): void {
    if (this.#end()) this.#sink.failed(error);
  }

  #end(): boolean {
    if (!this.open) return false;
    this.open = false;
    if (this.#onAbort) this.call.signal?.removeEventListener('abort', this.#onAbort);
    this.#table.remove(this);
    return true;
  }
}

const FIRST_SLOTS = 64;

/** The requests of one connection without an answer; each ends once, by its deadline. */
export class CallTable {
  readonly #clock: Clock;
  readonly #deadlines: Deadlines;
  /**
   * A call lies at its id modulo the length, a power of two; an id whose place is taken is skipped. With
   * ids in sequence this is an array walked round and round, cheaper than any map.
   */
  #slots: (OpenCall | undefined)[] = emptySlots(FIRST_SLOTS);
  #nextId = 1;
  #size = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#deadlines = new Deadlines(clock);
  }

  get size(): number {
    return this.#size;
  }

  /** An id that no open call has, and a place for it. */
  nextId(): number {
    if (this.#size * 2 >= this.#slots.length) this.#grow();
    const mask = this.#slots.length - 1;
    while (this.#slots[this.#nextId & mask] !== undefined) this.#nextId++;
    return this.#nextId++;
  }

  get(id: number | string): OpenCall | undefined {
    if (typeof id !== 'number') return undefined;
    const call = this.#slots[id & (this.#slots.length - 1)];
    return call?.id === id ? call : undefined;
  }

  values(): OpenCall[] {
    return this.#slots.filter((call) => call !== undefined);
  }

  /** @param id as `nextId()` gave it, and nothing opened since */
  open(id: number, call: OutgoingCall, bytes: Uint8Array, sink: ReplySink): OpenCall {
    const deadlineMs = (call.madeMs ?? this.#clock.monotonicMs()) + call.timeoutMs;
    const opened = new OpenCall(id, call, deadlineMs, bytes, this, sink);
    this.add(opened);
    return opened;
  }

  /** @param opened has an id as `nextId()` gave it, and nothing has been opened since */
  add(opened: OpenCall): void {
    this.#slots[opened.id & (this.#slots.length - 1)] = opened;
    this.#size++;
    this.#deadlines.add(opened);
  }

  /** It has ended. */
  remove(call: OpenCall): void {
    this.#slots[call.id & (this.#slots.length - 1)] = undefined;
    this.#size--;
    this.#deadlines.delete(call);
  }

  rejectAll(error: ServiceError): void {
    for (const call of this.values()) call.reject(error);
  }

  /** Ends everything with `error` and watches no deadline any more. */
  close(error: ServiceError): void {
    this.rejectAll(error);
    this.#deadlines.close();
  }

  #grow(): void {
    const calls = this.values();
    this.#slots = emptySlots(this.#slots.length * 2);
    // Ids that differ modulo the old length differ modulo its double.
    for (const call of calls) this.#slots[call.id & (this.#slots.length - 1)] = call;
  }
}

function emptySlots(length: number): (OpenCall | undefined)[] {
  return new Array<OpenCall | undefined>(length).fill(undefined);
}

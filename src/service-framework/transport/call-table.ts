import { type Clock, ServiceError } from '../../runtime/index.js';
import { Deadlines, type Expiring } from './deadlines.js';
import type { CallReply, OutgoingCall } from './transport.js';

/** A request that has no answer yet. */
export interface OpenCall {
  readonly id: number;
  readonly command: string;
  readonly allowNonFinite: boolean;
  /** Which life of the connection it was sent on; undefined while it waits to be sent. */
  generation: number | undefined;
  readonly open: boolean;
  resolve(reply: CallReply): void;
  reject(error: ServiceError): void;
}

/** The requests of one connection without an answer; each ends once, by its deadline. */
export class CallTable {
  readonly #clock: Clock;
  readonly #deadlines: Deadlines;
  readonly #calls = new Map<number, PromisedCall>();
  #nextId = 1;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#deadlines = new Deadlines(clock);
  }

  get size(): number {
    return this.#calls.size;
  }

  nextId(): number {
    return this.#nextId++;
  }

  get(id: number | string): OpenCall | undefined {
    return typeof id === 'number' ? this.#calls.get(id) : undefined;
  }

  values(): OpenCall[] {
    return [...this.#calls.values()];
  }

  /** @param onGivenUp told when the caller's signal aborts, after the call has ended with CANCELLED */
  open(
    id: number,
    call: OutgoingCall,
    settle: { resolve(reply: CallReply): void; reject(error: ServiceError): void },
    onGivenUp: (call: OpenCall) => void,
  ): OpenCall {
    const deadlineMs = this.#clock.monotonicMs() + call.timeoutMs;
    const opened: PromisedCall = new PromisedCall(id, call, deadlineMs, settle, onGivenUp, () => {
      this.#calls.delete(id);
      this.#deadlines.delete(opened);
    });
    this.#calls.set(id, opened);
    this.#deadlines.add(opened);
    return opened;
  }

  rejectAll(error: ServiceError): void {
    for (const call of this.values()) call.reject(error);
  }

  /** Ends everything with `error` and watches no deadline any more. */
  close(error: ServiceError): void {
    this.rejectAll(error);
    this.#deadlines.close();
  }
}

class PromisedCall implements OpenCall, Expiring {
  generation: number | undefined;
  readonly command: string;
  readonly allowNonFinite: boolean;
  readonly #timeoutMs: number;
  #open = true;
  readonly #signal: AbortSignal | undefined;
  readonly #onAbort: (() => void) | undefined;

  constructor(
    readonly id: number,
    call: OutgoingCall,
    readonly deadlineMs: number,
    private readonly settle: { resolve(reply: CallReply): void; reject(error: ServiceError): void },
    onGivenUp: (call: OpenCall) => void,
    private readonly ended: () => void,
  ) {
    this.command = call.command;
    this.#timeoutMs = call.timeoutMs;
    this.allowNonFinite = call.allowNonFinite === true;
    this.#signal = call.signal;
    if (!this.#signal) return;
    this.#onAbort = () => {
      this.reject(new ServiceError('CANCELLED', `${this.command}: the caller gave up`));
      onGivenUp(this);
    };
    this.#signal.addEventListener('abort', this.#onAbort, { once: true });
  }

  get open(): boolean {
    return this.#open;
  }

  expire(): void {
    this.reject(
      new ServiceError('DEADLINE_EXCEEDED', `${this.command}: no answer within ${this.#timeoutMs} ms`),
    );
  }

  resolve(reply: CallReply): void {
    if (this.#end()) this.settle.resolve(reply);
  }

  reject(error: ServiceError): void {
    if (this.#end()) this.settle.reject(error);
  }

  #end(): boolean {
    if (!this.#open) return false;
    this.#open = false;
    if (this.#onAbort) this.#signal?.removeEventListener('abort', this.#onAbort);
    this.ended();
    return true;
  }
}

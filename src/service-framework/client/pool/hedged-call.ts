import { type Clock, ServiceError, type Timer } from '../../../runtime/index.js';
import type { CallReply, OutgoingCall, ReplySink } from '../../transport/index.js';
import type { HostLink } from './host-link.js';

export interface HedgedCallOptions {
  readonly clock: Clock;
  /** How long to wait for the first host, ms; undefined = as long as it takes. */
  readonly delayMs: number | undefined;
  send(link: HostLink, call: OutgoingCall, sink: ReplySink): void;
  /** The host to ask beside the first, and the leave to do so; undefined = stay with the first. */
  second(first: HostLink): HostLink | undefined;
  /** The first answer came after so long. */
  answered(latencyMs: number): void;
}

/** One call that may be asked of two hosts: the first answer counts, the other request is cancelled. */
export class HedgedCall {
  readonly #options: HedgedCallOptions;
  readonly #call: OutgoingCall;
  readonly #sink: ReplySink;
  readonly #startMs: number;
  readonly #legs: AbortController[] = [];
  readonly #timer: Timer | undefined;
  #pending = 0;
  #ended = false;
  readonly #onAbort = (): void => {
    for (const leg of this.#legs) leg.abort();
  };

  constructor(first: HostLink, call: OutgoingCall, sink: ReplySink, options: HedgedCallOptions) {
    this.#options = options;
    this.#call = call;
    this.#sink = sink;
    this.#startMs = options.clock.monotonicMs();
    const { clock, delayMs } = options;
    this.#timer = delayMs === undefined ? undefined : clock.schedule(delayMs, () => this.#hedge(first));
    call.signal?.addEventListener('abort', this.#onAbort, { once: true });
    this.#ask(first);
    if (call.signal?.aborted) this.#onAbort();
  }

  #hedge(first: HostLink): void {
    const second = this.#ended ? undefined : this.#options.second(first);
    if (second) this.#ask(second);
  }

  #ask(link: HostLink): void {
    const { clock, send } = this.#options;
    const leg = new AbortController();
    this.#legs.push(leg);
    this.#pending++;
    const { command, payload, key, traceparent, allowNonFinite, shard } = this.#call;
    const timeoutMs = Math.max(1, this.#call.timeoutMs - (clock.monotonicMs() - this.#startMs));
    send(
      link,
      { command, payload, key, traceparent, allowNonFinite, shard, timeoutMs, signal: leg.signal },
      {
        replied: (reply) => this.#replied(reply, leg),
        failed: (error) => this.#failed(error),
      },
    );
  }

  #replied(reply: CallReply, winner: AbortController): void {
    this.#pending--;
    if (!this.#end()) return;
    this.#options.answered(this.#options.clock.monotonicMs() - this.#startMs);
    for (const leg of this.#legs) if (leg !== winner) leg.abort();
    this.#sink.replied(reply);
  }

  /** While the other may still answer, nothing is lost. */
  #failed(error: ServiceError): void {
    this.#pending--;
    if (this.#pending === 0 && this.#end()) this.#sink.failed(error);
  }

  #end(): boolean {
    if (this.#ended) return false;
    this.#ended = true;
    this.#timer?.cancel();
    this.#call.signal?.removeEventListener('abort', this.#onAbort);
    return true;
  }
}

import { type Clock, ServiceError } from '../../../runtime/index.js';
import { ConnectionLoss, connectionLossOf, type Transport } from '../../transport/index.js';
import type { CircuitBreaker } from './circuit-breaker.js';
import { PeakEwma } from './peak-ewma.js';

/** How long a host that said it does not serve is not asked if another one can be, ms. */
const AWAY_MS = 1_000;

/** One host as its clients' pool knows it. */
export class HostLink {
  readonly latency = new PeakEwma();
  lastHeardMs: number;
  /** Requests and streams without an answer. */
  inFlight = 0;
  /** It is connected and does not answer: a process that hangs keeps its connections. */
  suspect = false;
  readonly #clock: Clock;
  #awayUntilMs = Number.NEGATIVE_INFINITY;
  #awaitsConnection = false;

  constructor(
    /** What its share of the keys depends on: its endpoint. */
    readonly name: string,
    readonly transport: Transport,
    /** Absent = its failures stop nobody. */
    readonly breaker: CircuitBreaker | undefined,
    clock: Clock,
    /** There is no other host: what this one answers says nothing about where else to go. */
    private readonly alone: boolean,
  ) {
    this.#clock = clock;
    this.lastHeardMs = clock.monotonicMs();
  }

  /** Whether it would probably serve a request now. */
  get well(): boolean {
    const nowMs = this.#clock.monotonicMs();
    return (
      this.transport.state === 'connected' &&
      !this.suspect &&
      nowMs >= this.#awayUntilMs &&
      (this.breaker?.allows(nowMs) ?? true)
    );
  }

  get connected(): boolean {
    return this.transport.state === 'connected';
  }

  /** Why it must not be asked now. */
  refusal(command: string): ServiceError | undefined {
    const { breaker } = this;
    if (breaker === undefined || breaker.state === 'closed') return undefined;
    const waitMs = breaker.waitMs(this.#clock.monotonicMs());
    if (waitMs === 0) return undefined;
    return new ServiceError('UNAVAILABLE', `${command}: ${this.name} has failed too often of late`, {
      retryAfterMs: Math.ceil(waitMs),
      cause: NEVER_SENT,
    });
  }

  /**
   * A request leaves for it.
   *
   * @param nowMs where the clock has been read already
   * @returns when, for {@link answered} and {@link failed}
   */
  enter(nowMs = this.#clock.monotonicMs()): number {
    this.inFlight++;
    this.breaker?.enter(nowMs);
    return nowMs;
  }

  /** It says something, whatever it is. */
  heard(): void {
    this.lastHeardMs = this.#clock.monotonicMs();
    this.suspect = false;
  }

  /** @param sentMs undefined for what says nothing about its speed */
  answered(sentMs: number | undefined): void {
    this.inFlight--;
    const nowMs = this.#clock.monotonicMs();
    this.lastHeardMs = nowMs;
    this.suspect = false;
    if (sentMs !== undefined && !this.alone) this.latency.record(nowMs - sentMs, nowMs);
    this.breaker?.succeeded(nowMs);
  }

  failed(error: ServiceError, sentMs: number): void {
    const nowMs = this.#clock.monotonicMs();
    const loss = connectionLossOf(error);
    this.inFlight--;
    if (isNotServing(error)) this.#awayUntilMs = nowMs + AWAY_MS;
    if (isFromHost(error)) {
      this.lastHeardMs = nowMs;
      this.suspect = false;
      // What it depends on fails; somewhere else it may not.
      if (error.code === 'UNAVAILABLE' && !this.alone) this.breaker?.failed(nowMs, false);
      else this.breaker?.succeeded(nowMs);
    } else if (loss?.sent === false) {
      this.breaker?.failed(nowMs);
      this.#mendOnConnection();
    }
    // One slow command says nothing about a host that answers others meanwhile.
    else if (error.code === 'DEADLINE_EXCEEDED' && this.lastHeardMs < sentMs) this.breaker?.failed(nowMs);
  }

  #mendOnConnection(): void {
    if (this.#awaitsConnection || this.connected) return;
    this.#awaitsConnection = true;
    void this.transport.whenConnected().then(() => {
      this.#awaitsConnection = false;
      this.breaker?.reset();
    });
  }
}

const NEVER_SENT = new ConnectionLoss(false);

/** Whether an error is an answer, as opposed to the lack of one. */
export function isFromHost(error: ServiceError): boolean {
  if (error.code === 'DEADLINE_EXCEEDED' || error.code === 'CANCELLED' || error.code === 'UNAUTHENTICATED')
    return false;
  return connectionLossOf(error) === undefined;
}

/** Whether a host has refused, before any work, because it starts or stops. */
function isNotServing({ code, details }: ServiceError): boolean {
  return (code === 'FAILED_PRECONDITION' || code === 'UNAVAILABLE') && details?.['hostState'] !== undefined;
}

/** Whether the host has certainly done nothing about a request: then another one may be asked, whatever it is. */
export function isUntouched(error: ServiceError): boolean {
  return isNotServing(error) || connectionLossOf(error)?.sent === false;
}

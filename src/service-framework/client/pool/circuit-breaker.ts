import { invalidArgument } from '../../../runtime/index.js';

export interface CircuitBreakerOptions {
  /** Failures in a row that open it. Default 5. */
  readonly consecutiveFailures?: number;
  /** Share of failures within `windowMs` that opens it, above 0 to 1. Default 0.5. */
  readonly failureRate?: number;
  /** Calls within `windowMs` before their failure rate means anything. Default 20. */
  readonly minCalls?: number;
  /** ms. Default 10,000. */
  readonly windowMs?: number;
  /** How long it stays open before one call may try, ms; doubles with each try that fails. Default 1,000. */
  readonly openMs?: number;
  /** At most, ms. Default 30,000. */
  readonly maxOpenMs?: number;
}

/** `closed` = calls pass; `open` = none does; `half-open` = one may try, and decides. */
export type CircuitState = 'closed' | 'open' | 'half-open';

/**
 * Spares callers the wait for a host that fails, and the host their calls. Knows nothing of what a failure is
 * (Nygard, Release It!, 2007).
 */
export class CircuitBreaker {
  readonly #options: Required<CircuitBreakerOptions>;
  #state: CircuitState = 'closed';
  #inARow = 0;
  #calls = 0;
  #failures = 0;
  #windowEndMs = 0;
  #opened = 0;
  #retryAtMs = 0;

  /** @throws ServiceError INVALID_ARGUMENT */
  constructor(options: CircuitBreakerOptions = {}) {
    this.#options = {
      consecutiveFailures: positive('consecutiveFailures', options.consecutiveFailures ?? 5),
      failureRate: positive('failureRate', options.failureRate ?? 0.5),
      minCalls: positive('minCalls', options.minCalls ?? 20),
      windowMs: positive('windowMs', options.windowMs ?? 10_000),
      openMs: positive('openMs', options.openMs ?? 1_000),
      maxOpenMs: positive('maxOpenMs', options.maxOpenMs ?? 30_000),
    };
  }

  get state(): CircuitState {
    return this.#state;
  }

  /** Milliseconds until a call may try; 0 when one may now. */
  waitMs(nowMs: number): number {
    if (this.#state === 'closed') return 0;
    return Math.max(0, this.#retryAtMs - nowMs);
  }

  /** Whether a call may be made now. */
  allows(nowMs: number): boolean {
    return this.#state === 'closed' || nowMs >= this.#retryAtMs;
  }

  /** A call is made, which `allows()` allowed. While open it is the one that tries. */
  enter(nowMs: number): void {
    if (this.#state === 'closed') return;
    this.#state = 'half-open';
    // Should its end never be told, another one may try as late as after a failure.
    this.#retryAtMs = nowMs + this.#pauseMs();
  }

  succeeded(nowMs: number): void {
    this.#inARow = 0;
    if (this.#state !== 'closed') this.reset();
    this.#count(nowMs, 0);
  }

  /** @param lasting false: it counts for the rate only, something else of the host still works */
  failed(nowMs: number, lasting = true): void {
    this.#count(nowMs, 1);
    if (lasting) this.#inARow++;
    if (this.#state === 'half-open' && lasting) {
      this.#open(nowMs);
      return;
    }
    if (this.#state !== 'closed') return;
    const { consecutiveFailures, failureRate, minCalls } = this.#options;
    const rateIsHigh = this.#calls >= minCalls && this.#failures >= failureRate * this.#calls;
    if (this.#inARow >= consecutiveFailures || rateIsHigh) this.#open(nowMs);
  }

  /** There is reason to believe that all is well. */
  reset(): void {
    this.#state = 'closed';
    this.#inARow = 0;
    this.#calls = 0;
    this.#failures = 0;
    this.#opened = 0;
  }

  #open(nowMs: number): void {
    this.#state = 'open';
    this.#opened++;
    this.#retryAtMs = nowMs + this.#pauseMs();
  }

  #pauseMs(): number {
    const { openMs, maxOpenMs } = this.#options;
    return Math.min(maxOpenMs, openMs * 2 ** Math.min(30, this.#opened - 1));
  }

  #count(nowMs: number, failures: 0 | 1): void {
    if (nowMs >= this.#windowEndMs) {
      this.#windowEndMs = nowMs + this.#options.windowMs;
      this.#calls = 0;
      this.#failures = 0;
    }
    this.#calls++;
    this.#failures += failures;
  }
}

function positive(field: string, value: number): number {
  if (typeof value === 'number' && value > 0 && Number.isFinite(value)) return value;
  throw invalidArgument(`breaker.${field}`, value, 'a positive number');
}

import type { Rng, ServiceError } from '../../runtime/index.js';
import { connectionLossOf } from '../transport/index.js';

export interface RetryOptions {
  /** Tries in all, the first included. Default 3; 1 = never again. */
  readonly maxAttempts?: number;
  /** Longest wait before the first retry, ms; doubles with each. Default 50. */
  readonly baseDelayMs?: number;
  /** Longest wait before any retry, ms. Default 2,000. */
  readonly maxDelayMs?: number;
  /** Retries allowed per request made, over time. Default 0.1: an outage costs a host 10 % more, not 300 %. */
  readonly budgetRatio?: number;
  /** Retries saved up at most, and at the start. Default 10. */
  readonly budgetBurst?: number;
  /**
   * Longest time one try may take, ms; default the whole of the call's time. Shorter, it leaves time
   * to ask again (same key) when a host does not answer.
   */
  readonly attemptTimeoutMs?: number;
}

/** What has been tried so far. */
export interface Attempt {
  /** 1 = the first. */
  readonly number: number;
  readonly error: ServiceError;
  /** The request carries an idempotency key. */
  readonly keyed: boolean;
}

/** Decides whether and when a failed request is sent again. */
export class RetryPolicy {
  readonly attemptTimeoutMs: number;
  readonly #maxAttempts: number;
  readonly #baseDelayMs: number;
  readonly #maxDelayMs: number;
  readonly #ratio: number;
  readonly #burst: number;
  readonly #rng: Rng;
  #budget: number;

  constructor(rng: Rng, options: RetryOptions = {}) {
    this.#rng = rng;
    this.#maxAttempts = options.maxAttempts ?? 3;
    this.#baseDelayMs = options.baseDelayMs ?? 50;
    this.#maxDelayMs = options.maxDelayMs ?? 2_000;
    this.#ratio = options.budgetRatio ?? 0.1;
    this.#burst = options.budgetBurst ?? 10;
    this.#budget = this.#burst;
    this.attemptTimeoutMs = options.attemptTimeoutMs ?? Number.POSITIVE_INFINITY;
  }

  /** A request is made: it earns its share of a retry. */
  deposit(): void {
    this.#budget = Math.min(this.#burst, this.#budget + this.#ratio);
  }

  /** Milliseconds to wait before the next try; undefined = give up. Spends the budget. */
  delayMs(attempt: Attempt): number | undefined {
    if (attempt.number >= this.#maxAttempts || !mayRepeat(attempt) || this.#budget < 1) return undefined;
    this.#budget -= 1;
    const ceilingMs = Math.min(this.#maxDelayMs, this.#baseDelayMs * 2 ** (attempt.number - 1));
    // Full jitter: clients that failed together do not come back together.
    return (attempt.error.retryAfterMs ?? 0) + this.#rng.uniform() * ceilingMs;
  }
}

/** Whether sending the request again could do no harm and some good. */
export function mayRepeat({ error, keyed, number }: Attempt): boolean {
  if (error.code === 'RESOURCE_EXHAUSTED') return true;
  if (connectionLossOf(error)?.sent === false) return true;
  // From here on the effect is unknown: only a key makes a repeat the same request.
  if (!keyed || !error.retryable) return false;
  return error.code !== 'INTERNAL' || number === 1;
}

import { performance } from 'node:perf_hooks';

/** A timer that can be cancelled. */
export interface Timer {
  cancel(): void;
}

/** The only source of time: backtests and tests put their own behind it. */
export interface Clock {
  /** Unix milliseconds, UTC. May step when the system's clock is set. */
  nowMs(): number;
  /** Milliseconds with fraction from an arbitrary start; never goes back. For durations and deadlines. */
  monotonicMs(): number;
  /** Calls `action` once after `delayMs`. The timer does not keep the process alive when `background`. */
  schedule(delayMs: number, action: () => void, options?: { readonly background?: boolean }): Timer;
}

/** setTimeout fires at once for a longer delay. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** The machine's clock. */
export class SystemClock implements Clock {
  nowMs(): number {
    return Date.now();
  }

  monotonicMs(): number {
    return performance.now();
  }

  schedule(delayMs: number, action: () => void, options: { readonly background?: boolean } = {}): Timer {
    const handle = setTimeout(action, Math.min(Math.max(0, delayMs), MAX_TIMER_MS));
    if (options.background === true) handle.unref();
    return { cancel: () => clearTimeout(handle) };
  }
}

interface Scheduled {
  readonly dueMs: number;
  readonly order: number;
  readonly action: () => void;
}

/** A clock that moves only when told: simulations and tests. */
export class ManualClock implements Clock {
  readonly #startMs: number;
  #elapsedMs = 0;
  #order = 0;
  #pending: Scheduled[] = [];

  constructor(startMs = 0) {
    this.#startMs = startMs;
  }

  nowMs(): number {
    return this.#startMs + this.#elapsedMs;
  }

  monotonicMs(): number {
    return this.#elapsedMs;
  }

  schedule(delayMs: number, action: () => void): Timer {
    const entry: Scheduled = {
      dueMs: this.#elapsedMs + Math.max(0, delayMs),
      order: this.#order++,
      action,
    };
    this.#pending.push(entry);
    return { cancel: () => this.#remove(entry) };
  }

  /** Moves time forward and fires what falls due, in order of time, then of scheduling. */
  advance(byMs: number): void {
    const targetMs = this.#elapsedMs + byMs;
    for (;;) {
      let next: Scheduled | undefined;
      for (const entry of this.#pending) {
        if (entry.dueMs > targetMs) continue;
        if (!next || entry.dueMs < next.dueMs || (entry.dueMs === next.dueMs && entry.order < next.order))
          next = entry;
      }
      if (!next) break;
      this.#remove(next);
      this.#elapsedMs = next.dueMs;
      next.action();
    }
    this.#elapsedMs = targetMs;
  }

  #remove(entry: Scheduled): void {
    this.#pending = this.#pending.filter((other) => other !== entry);
  }
}

/** Resolves after `delayMs`; rejects with the signal's reason when it aborts first. */
export function sleep(clock: Clock, delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason);
      return;
    }
    const onAbort = (): void => {
      timer.cancel();
      reject(signal?.reason);
    };
    const timer = clock.schedule(delayMs, () => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    });
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}

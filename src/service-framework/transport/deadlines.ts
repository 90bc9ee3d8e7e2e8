import type { Clock, Timer } from '../../runtime/index.js';

/** Something that must have ended by a time on `clock.monotonicMs()`. */
export interface Expiring {
  readonly deadlineMs: number;
  expire(): void;
}

/**
 * Watches many deadlines with one timer, set for the earliest: most of what is watched ends long before
 * its deadline, and a timer set and cleared each time would cost more than the work it guards.
 */
export class Deadlines {
  readonly #clock: Clock;
  readonly #watched = new Set<Expiring>();
  #timer: Timer | undefined;
  #firesAtMs = Number.POSITIVE_INFINITY;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  add(expiring: Expiring): void {
    this.#watched.add(expiring);
    if (expiring.deadlineMs < this.#firesAtMs) this.#fireAt(expiring.deadlineMs);
  }

  delete(expiring: Expiring): void {
    // The timer stays: when it fires for nothing it is set for what is left.
    this.#watched.delete(expiring);
  }

  /** Watches nothing any more; a timer that is left would keep the process alive. */
  close(): void {
    this.#timer?.cancel();
    this.#firesAtMs = Number.POSITIVE_INFINITY;
    this.#watched.clear();
  }

  #fireAt(atMs: number): void {
    this.#timer?.cancel();
    this.#firesAtMs = atMs;
    this.#timer = this.#clock.schedule(atMs - this.#clock.monotonicMs(), () => this.#fire());
  }

  #fire(): void {
    this.#timer = undefined;
    this.#firesAtMs = Number.POSITIVE_INFINITY;
    const nowMs = this.#clock.monotonicMs();
    let earliestMs = Number.POSITIVE_INFINITY;
    for (const expiring of [...this.#watched]) {
      if (expiring.deadlineMs <= nowMs) {
        this.#watched.delete(expiring);
        expiring.expire();
      } else if (expiring.deadlineMs < earliestMs) earliestMs = expiring.deadlineMs;
    }
    if (earliestMs < this.#firesAtMs) this.#fireAt(earliestMs);
  }
}

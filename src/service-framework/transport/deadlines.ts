import type { Clock, Timer } from '../../runtime/index.js';

/** Something that must have ended by a time on `clock.monotonicMs()`. */
export interface Expiring {
  readonly deadlineMs: number;
  /** Its neighbours among the watched; only {@link Deadlines} touches these. */
  watchedBefore: Expiring | undefined;
  watchedAfter: Expiring | undefined;
  expire(): void;
}

/**
 * Watches many deadlines with one timer, set for the earliest: most of what is watched ends long before
 * its deadline, and a timer set and cleared each time would cost more than the work it guards. The
 * watched are chained to each other, because a set would have to hash every one of them.
 */
export class Deadlines {
  readonly #clock: Clock;
  #last: Expiring | undefined;
  #timer: Timer | undefined;
  #firesAtMs = Number.POSITIVE_INFINITY;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  add(expiring: Expiring): void {
    expiring.watchedBefore = this.#last;
    if (this.#last) this.#last.watchedAfter = expiring;
    this.#last = expiring;
    if (expiring.deadlineMs < this.#firesAtMs) this.#fireAt(expiring.deadlineMs);
  }

  /** Nothing happens to one that is not watched. */
  delete(expiring: Expiring): void {
    // The timer stays: when it fires for nothing it is set for what is left.
    const { watchedBefore: before, watchedAfter: after } = expiring;
    if (after) after.watchedBefore = before;
    else if (this.#last === expiring) this.#last = before;
    if (before) before.watchedAfter = after;
    expiring.watchedBefore = undefined;
    expiring.watchedAfter = undefined;
  }

  /** Watches nothing any more; a timer that is left would keep the process alive. */
  close(): void {
    this.#timer?.cancel();
    this.#firesAtMs = Number.POSITIVE_INFINITY;
    while (this.#last) this.delete(this.#last);
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
    const expired: Expiring[] = [];
    let earliestMs = Number.POSITIVE_INFINITY;
    for (let at = this.#last; at; at = at.watchedBefore) {
      if (at.deadlineMs <= nowMs) expired.push(at);
      else if (at.deadlineMs < earliestMs) earliestMs = at.deadlineMs;
    }
    for (const each of expired) this.delete(each);
    // Whoever came first expires first; one that has ended through another takes no notice.
    for (const each of expired.reverse()) each.expire();
    if (earliestMs < this.#firesAtMs) this.#fireAt(earliestMs);
  }
}

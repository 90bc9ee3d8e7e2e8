import type { RunningRequest } from './running-request.js';

/**
 * The requests without an answer. They are chained to each other, because a set would have to hash every
 * one of them on its way through.
 */
export class RunningList {
  #last: RunningRequest | undefined;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  add(running: RunningRequest): void {
    running.runningBefore = this.#last;
    if (this.#last) this.#last.runningAfter = running;
    this.#last = running;
    this.#size++;
  }

  /** @param running is in the list */
  delete(running: RunningRequest): void {
    const { runningBefore: before, runningAfter: after } = running;
    if (after) after.runningBefore = before;
    else this.#last = before;
    if (before) before.runningAfter = after;
    running.runningBefore = undefined;
    running.runningAfter = undefined;
    this.#size--;
  }

  /** The oldest first. */
  values(): RunningRequest[] {
    const all: RunningRequest[] = [];
    for (let at = this.#last; at; at = at.runningBefore) all.push(at);
    return all.reverse();
  }
}

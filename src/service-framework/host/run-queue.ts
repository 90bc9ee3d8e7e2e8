import type { Clock } from '../../runtime/index.js';
import { type Runnable, TimeSlice } from './time-slice.js';

/**
 * Runs work at once while the event loop is young, and queues it once a turn has worked too long,
 * so that cancels, pings and the reserved lane are read between slices of a large batch.
 */
export class RunQueue {
  readonly #slice: TimeSlice;
  #waiting: Runnable[] = [];
  #head = 0;

  constructor(clock: Clock, sliceMs?: number) {
    this.#slice = new TimeSlice(clock, () => this.#turn(), sliceMs);
  }

  get waiting(): number {
    return this.#waiting.length - this.#head;
  }

  /** @returns whether it was queued instead of run */
  submit(task: Runnable, reserved: boolean): boolean {
    if (reserved || (this.waiting === 0 && !this.#slice.spent)) {
      this.#slice.run(task);
      return false;
    }
    this.#waiting.push(task);
    this.#slice.requestTurn();
    return true;
  }

  #turn(): void {
    while (this.#head < this.#waiting.length && !this.#slice.spent) {
      const task = this.#waiting[this.#head++];
      if (task) this.#slice.run(task);
    }
    if (this.#head === this.#waiting.length) {
      this.#waiting = [];
      this.#head = 0;
    } else {
      // Give back the memory of what has run without shifting at every step.
      if (this.#head > 1024) {
        this.#waiting = this.#waiting.slice(this.#head);
        this.#head = 0;
      }
      this.#slice.requestTurn();
    }
  }
}

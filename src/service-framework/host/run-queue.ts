import type { Clock } from '../../runtime/index.js';

/** A unit of work; must not throw. */
export interface Runnable {
  run(): void;
}

/** Milliseconds of handler work in one turn of the event loop before sockets get their turn. */
const DEFAULT_SLICE_MS = 10;
/** Below this much work nothing needs to be remembered about the turn. */
const TRACK_FROM_MS = 1;

/**
 * Runs work at once while the event loop is young, and queues it once a turn has worked too long,
 * so that cancels, pings and the reserved lane are read between slices of a large batch.
 */
export class RunQueue {
  readonly #clock: Clock;
  readonly #sliceMs: number;
  #waiting: Runnable[] = [];
  #head = 0;
  #busyMs = 0;
  #turnScheduled = false;

  constructor(clock: Clock, sliceMs = DEFAULT_SLICE_MS) {
    this.#clock = clock;
    this.#sliceMs = sliceMs;
  }

  get waiting(): number {
    return this.#waiting.length - this.#head;
  }

  /** @returns whether it was queued instead of run */
  submit(task: Runnable, reserved: boolean): boolean {
    if (reserved || (this.waiting === 0 && this.#busyMs < this.#sliceMs)) {
      this.#runNow(task);
      return false;
    }
    this.#waiting.push(task);
    this.#scheduleTurn();
    return true;
  }

  #runNow(task: Runnable): void {
    const startMs = this.#clock.monotonicMs();
    task.run();
    this.#busyMs += this.#clock.monotonicMs() - startMs;
    if (this.#busyMs >= TRACK_FROM_MS) this.#scheduleTurn();
  }

  #scheduleTurn(): void {
    if (this.#turnScheduled) return;
    this.#turnScheduled = true;
    setImmediate(() => this.#turn());
  }

  #turn(): void {
    this.#turnScheduled = false;
    this.#busyMs = 0;
    while (this.#head < this.#waiting.length && this.#busyMs < this.#sliceMs) {
      const task = this.#waiting[this.#head++];
      if (task) this.#runNow(task);
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
      this.#scheduleTurn();
    }
  }
}

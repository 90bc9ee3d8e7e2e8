import type { Clock } from '../../runtime/index.js';

/** A unit of work; must not throw. */
export interface Runnable {
  /** @param nowMs when it starts, on the monotonic clock */
  run(nowMs: number): void;
}

/** Milliseconds of handler work in one turn of the event loop before sockets get their turn. */
const DEFAULT_SLICE_MS = 10;
/** Below this much work nothing needs to be remembered about the turn. */
const TRACK_FROM_MS = 1;

/** Measures how long one turn of the event loop has worked, so that the rest can wait for the next. */
export class TimeSlice {
  readonly #clock: Clock;
  readonly #onTurn: () => void;
  readonly #sliceMs: number;
  #busyMs = 0;
  #turnScheduled = false;

  /** @param onTurn called in the turn after one that worked, or that was asked for */
  constructor(clock: Clock, onTurn: () => void, sliceMs = DEFAULT_SLICE_MS) {
    this.#clock = clock;
    this.#onTurn = onTurn;
    this.#sliceMs = sliceMs;
  }

  /** This turn has worked long enough. */
  get spent(): boolean {
    return this.#busyMs >= this.#sliceMs;
  }

  run(task: Runnable): void {
    const startMs = this.#clock.monotonicMs();
    task.run(startMs);
    this.#busyMs += this.#clock.monotonicMs() - startMs;
    if (this.#busyMs >= TRACK_FROM_MS) this.requestTurn();
  }

  requestTurn(): void {
    if (this.#turnScheduled) return;
    this.#turnScheduled = true;
    setImmediate(() => {
      this.#turnScheduled = false;
      this.#busyMs = 0;
      this.#onTurn();
    });
  }
}

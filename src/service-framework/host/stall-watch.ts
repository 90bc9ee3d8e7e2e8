import type { Clock, Timer } from '../../runtime/index.js';

/** Between two looks at the clock, ms. */
const TICK_MS = 100;
/** A look that comes so much later means that the process stood still, ms. */
const STALL_MS = 250;
/** After a standstill messages count as old for so long: they are read in a row, the oldest first. */
const CATCH_UP_MS = 100;

/**
 * Knows when a message that is read now may have arrived. A process that was stopped, or whose event loop
 * was blocked, finds messages in its sockets whose callers gave up long ago; they carry no time of their
 * own. They are taken to be as old as they can be, so that nothing is executed after its time; a caller
 * who is still waiting loses nothing but a part of it.
 */
export class StallWatch {
  readonly #clock: Clock;
  #timer: Timer | undefined;
  #tickMs: number;
  #stalledFromMs = 0;
  #untilMs = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#tickMs = clock.monotonicMs();
  }

  start(): void {
    this.#look(this.#clock.monotonicMs());
    this.#timer = this.#clock.schedule(TICK_MS, () => this.start(), { background: true });
  }

  stop(): void {
    this.#timer?.cancel();
  }

  /** When a message that is read at `nowMs` arrived, at the earliest. */
  arrivedMs(nowMs: number): number {
    if (nowMs - this.#tickMs > TICK_MS + STALL_MS) this.#look(nowMs);
    return nowMs < this.#untilMs ? this.#stalledFromMs : nowMs;
  }

  #look(nowMs: number): void {
    if (this.#timer && nowMs - this.#tickMs > TICK_MS + STALL_MS) {
      this.#stalledFromMs = this.#tickMs;
      this.#untilMs = nowMs + CATCH_UP_MS;
    }
    this.#tickMs = nowMs;
  }
}

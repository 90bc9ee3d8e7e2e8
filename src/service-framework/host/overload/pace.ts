/** Weight of the newest interval. */
const WEIGHT = 1 / 16;
/** A pause longer than this says nothing about the next request, ms. */
const LONGEST_MS = 1_000;

/** How fast a queue moves: the usual time between two departures while others wait, ms. */
export class Pace {
  #intervalMs: number | undefined;
  #lastMs: number | undefined;

  /** Undefined until it has been seen to move. */
  get intervalMs(): number | undefined {
    return this.#intervalMs;
  }

  /** One has left the queue. @param more whether others still wait */
  left(nowMs: number, more: boolean): void {
    if (this.#lastMs !== undefined) {
      const intervalMs = Math.min(nowMs - this.#lastMs, LONGEST_MS);
      const before = this.#intervalMs ?? intervalMs;
      this.#intervalMs = before + (intervalMs - before) * WEIGHT;
    }
    // From an empty queue nobody leaves: the time until then is no pace.
    this.#lastMs = more ? nowMs : undefined;
  }
}

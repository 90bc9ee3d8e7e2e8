/** Time after which a measurement counts for a third of what it did, ms. */
const DECAY_MS = 10_000;

/**
 * What an answer of a host takes nowadays: a moving average that follows a slower answer at once and a faster one by
 * and by, so that a host that becomes slow is noticed with its first slow answer (Peak EWMA, Finagle, 2015).
 */
export class PeakEwma {
  #valueMs = 0;
  #atMs = 0;

  /** Milliseconds; 0 before the first measurement, so that an unknown host is tried. */
  get valueMs(): number {
    return this.#valueMs;
  }

  /** @param nowMs on a clock that never goes back */
  record(latencyMs: number, nowMs: number): void {
    const weight = Math.exp(-Math.max(0, nowMs - this.#atMs) / DECAY_MS);
    this.#atMs = nowMs;
    this.#valueMs = latencyMs > this.#valueMs ? latencyMs : this.#valueMs * weight + latencyMs * (1 - weight);
  }
}

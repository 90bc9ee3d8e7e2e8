export interface ConcurrencyLimitOptions {
  /** Never below. */
  readonly floor: number;
  /** Never above. */
  readonly ceiling: number;
}

/** Where it starts, if the bounds allow: it moves by measurement from there. */
const INITIAL = 64;
/** Answers that make a window, at least, and its length, ms. */
const WINDOW_SAMPLES = 10;
const WINDOW_MS = 50;
/** A mean latency of so many times the unloaded one is not yet taken for queueing. */
const TOLERANCE = 2;
/** Differences below this come from the event loop itself, ms. */
const SLACK_MS = 2;
/** Weight of a window's result. */
const SMOOTHING = 0.5;
/** The unloaded latency is measured again when the last low window is older, ms. */
const PROBE_EVERY_MS = 30_000;
/** A handler too slow to be measured in this time is left as it is, ms. */
const PROBE_MS = 1_000;

/**
 * How many requests of one command may run at once, found by measurement. Where more of them only wait
 * for one another (a worker thread, a connection pool, a device) latency grows with their number, and the
 * limit comes down to what keeps the handler busy: the rest waits in the host's own queue, where it can be
 * ordered fairly, shed and dropped. Where they do not, the limit goes up.
 *
 * A gradient controller as in Netflix' concurrency-limits (2018) and Envoy's adaptive concurrency (2019):
 *
 *     limit ← limit · clamp(tolerance · unloaded latency / latency, 1/2, 1) + √limit
 *
 * of window means, smoothed. The unloaded latency is that of windows with at most `floor` running. When
 * there are none for half a minute, the limit goes down to the floor for one window, as BBR's ProbeRTT
 * does (Cardwell et al. 2016): a minimum kept from the past would not follow a handler that has changed.
 */
export class ConcurrencyLimit {
  readonly floor: number;
  readonly ceiling: number;
  #limit: number;
  #unloadedMs: number | undefined;
  #unloadedAtMs = 0;
  /** Answers to requests that started earlier do not count: the limit was another. */
  #probeSinceMs: number | undefined;
  #windowStartMs = 0;
  #count = 0;
  #sumMs = 0;
  #mostRunning = 0;

  constructor({ floor, ceiling }: ConcurrencyLimitOptions) {
    this.ceiling = Math.max(1, Math.floor(ceiling));
    this.floor = Math.min(this.ceiling, Math.max(1, Math.floor(floor)));
    this.#limit = Math.min(this.ceiling, Math.max(this.floor, INITIAL));
  }

  /** An integer between floor and ceiling. */
  get value(): number {
    return this.#probeSinceMs === undefined ? Math.floor(this.#limit) : this.floor;
  }

  /**
   * An answer of a handler that took its time: how long, and how many ran at its end, it among them.
   * Times are on one monotonic clock.
   */
  sample(nowMs: number, latencyMs: number, running: number): void {
    if (this.#probeSinceMs !== undefined && nowMs - latencyMs < this.#probeSinceMs) {
      if (nowMs - this.#probeSinceMs > PROBE_MS) this.#endProbe(nowMs, undefined);
      return;
    }
    if (this.#count === 0) this.#windowStartMs = nowMs;
    this.#count++;
    this.#sumMs += latencyMs;
    if (running > this.#mostRunning) this.#mostRunning = running;
    if (this.#count < WINDOW_SAMPLES || nowMs - this.#windowStartMs < WINDOW_MS) return;
    const meanMs = this.#sumMs / this.#count;
    const mostRunning = this.#mostRunning;
    this.#startWindow();
    if (this.#probeSinceMs === undefined) this.#adjust(nowMs, meanMs, mostRunning);
    else this.#endProbe(nowMs, meanMs);
  }

  #adjust(nowMs: number, meanMs: number, mostRunning: number): void {
    const known = this.#unloadedMs;
    if (mostRunning <= this.floor) {
      // One slow window (a pause, a neighbour) does not make the handler a slow one.
      this.#unloadedMs = known === undefined || meanMs < known ? meanMs : known + (meanMs - known) / 4;
      this.#unloadedAtMs = nowMs;
    } else if (known === undefined || meanMs < known) this.#unloadedMs = meanMs;
    if (this.#unloadedAtMs === 0) this.#unloadedAtMs = nowMs;
    const unloadedMs = this.#unloadedMs ?? meanMs;
    const gradient = Math.max(0.5, Math.min(1, (TOLERANCE * unloadedMs + SLACK_MS) / meanMs));
    // Growing without having been needed would mean nothing when the load comes.
    const headroom = mostRunning * 2 >= this.#limit ? Math.sqrt(this.#limit) : 0;
    this.#moveTo(this.#limit * gradient + headroom);
    if (nowMs - this.#unloadedAtMs >= PROBE_EVERY_MS) this.#probeSinceMs = nowMs;
  }

  #endProbe(nowMs: number, unloadedMs: number | undefined): void {
    this.#probeSinceMs = undefined;
    this.#unloadedAtMs = nowMs;
    this.#unloadedMs = unloadedMs ?? this.#unloadedMs;
    this.#startWindow();
  }

  #startWindow(): void {
    this.#count = 0;
    this.#sumMs = 0;
    this.#mostRunning = 0;
  }

  #moveTo(limit: number): void {
    const next = this.#limit + (limit - this.#limit) * SMOOTHING;
    this.#limit = Math.min(this.ceiling, Math.max(this.floor, next));
  }
}

import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks';

/** Milliseconds between samples; also what an idle loop shows as its delay. */
const RESOLUTION_MS = 20;
const NS_PER_MS = 1e6;

/** How late the event loop runs what is due, in milliseconds. */
export interface LagReading {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

/** Samples the event loop's lag since the last reset; does not keep the process alive. */
export class EventLoopLag {
  readonly #histogram: IntervalHistogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });

  start(): void {
    this.#histogram.enable();
  }

  stop(): void {
    this.#histogram.disable();
  }

  read(): LagReading {
    const lag = (ns: number): number => Math.max(0, round(ns / NS_PER_MS - RESOLUTION_MS));
    if (this.#histogram.count === 0) return { p50Ms: 0, p99Ms: 0, maxMs: 0 };
    return {
      p50Ms: lag(this.#histogram.percentile(50)),
      p99Ms: lag(this.#histogram.percentile(99)),
      maxMs: lag(this.#histogram.max),
    };
  }
}

function round(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}

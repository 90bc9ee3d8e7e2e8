import type { Call } from './contestant.js';

export const IN_FLIGHT = 64;

/** What a client process measured; the CPU is its own. */
export interface Timing {
  readonly calls: number;
  readonly elapsedMs: number;
  readonly cpuUs: number;
  /** Of single calls, sequential mode only. */
  readonly p50Us?: number;
  readonly p99Us?: number;
}

/** One call after the other for `budgetMs`. */
export async function sequential(call: Call, budgetMs: number): Promise<Timing> {
  const times: number[] = [];
  const cpu = process.cpuUsage();
  const startMs = performance.now();
  let nowMs = startMs;
  while (nowMs - startMs < budgetMs) {
    const beforeMs = nowMs;
    await call();
    nowMs = performance.now();
    times.push((nowMs - beforeMs) * 1000);
  }
  const done = finished(times.length, startMs, cpu);
  times.sort((a, b) => a - b);
  return { ...done, p50Us: quantile(times, 0.5), p99Us: quantile(times, 0.99) };
}

/** {@link IN_FLIGHT} calls side by side for `budgetMs`. */
export async function sideBySide(call: Call, budgetMs: number): Promise<Timing> {
  const cpu = process.cpuUsage();
  const startMs = performance.now();
  let calls = 0;
  const worker = async (): Promise<void> => {
    while (performance.now() - startMs < budgetMs) {
      await call();
      calls++;
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, worker));
  return finished(calls, startMs, cpu);
}

function finished(calls: number, startMs: number, cpu: NodeJS.CpuUsage): Timing {
  const { user, system } = process.cpuUsage(cpu);
  return { calls, elapsedMs: performance.now() - startMs, cpuUs: user + system };
}

function quantile(sorted: readonly number[], fraction: number): number {
  return sorted[Math.floor((sorted.length - 1) * fraction)] ?? Number.NaN;
}

export function median(values: readonly number[]): number {
  return quantile(
    [...values].sort((a, b) => a - b),
    0.5,
  );
}

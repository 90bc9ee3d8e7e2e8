import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { MarketSimulator, windowOf } from '#conclave/market-data/index.js';
import { SystemClock } from '#conclave/runtime/index.js';

/** Candles of a question. */
export const WINDOW = 256;
const STEPS = 1_000;

/** Whether processes can be held on one core each; unpinned runs flip between two modes and compare nothing. */
export const PINNING = spawnSync('taskset', ['--version']).status === 0;

const clock = new SystemClock();
const run = new MarketSimulator({ seed: 1, symbol: 'SIM/USD', barMs: 300_000 }).run(WINDOW + STEPS);

/** A question on simulated candles, another one each step. */
export function question(step: number) {
  const from = step % STEPS;
  const { timeMs, open, high, low, close, volume } = windowOf(run.candles, from, from + WINDOW);
  return { symbol: 'SIM/USD', timeframe: '5m', candles: { timeMs, open, high, low, close, volume } };
}

export function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? 0;
}

/** Milliseconds of each of a number of calls, one at a time. */
export async function timed(times: number, call: (step: number) => Promise<unknown>): Promise<number[]> {
  const tookMs: number[] = [];
  for (let step = 0; step < times; step++) {
    const startMs = clock.monotonicMs();
    await call(step);
    tookMs.push(clock.monotonicMs() - startMs);
  }
  return tookMs;
}

/** Calls per second with a number of them in flight all the time. */
export async function rate(
  times: number,
  inFlight: number,
  call: (step: number) => Promise<unknown>,
): Promise<number> {
  let next = 0;
  const startMs = clock.monotonicMs();
  const worker = async (): Promise<void> => {
    for (let step = next++; step < times; step = next++) await call(step);
  };
  await Promise.all(Array.from({ length: inFlight }, worker));
  return (times / (clock.monotonicMs() - startMs)) * 1e3;
}

export interface BenchService {
  readonly child: ChildProcess;
  readonly endpoint: string;
  /** From the start of the process to its readiness, milliseconds. */
  readonly startMs: number;
}

/** Starts the service on the first core, waits until it is ready, and leaves the second core to this process. */
export async function startService(dataDir: string, flags: readonly string[] = []): Promise<BenchService> {
  const args = [
    join('dist', 'ml-service', 'main.js'),
    ...['--data-dir', dataDir, '--bind', 'tcp://127.0.0.1:0', '--metrics-port', '0', '--log-level', 'error'],
    ...flags,
  ];
  const [command, full] = PINNING
    ? ['taskset', ['-c', '0', process.execPath, ...args]]
    : [process.execPath, args];
  const fromMs = clock.monotonicMs();
  const child = spawn(command, full, { stdio: ['ignore', 'pipe', 'inherit'] });
  if (PINNING) spawnSync('taskset', ['-acp', '1', String(process.pid)]);
  for await (const line of createInterface({ input: child.stdout })) {
    const { endpoints } = JSON.parse(line) as { endpoints: { request: string } };
    return { child, endpoint: endpoints.request, startMs: clock.monotonicMs() - fromMs };
  }
  throw new Error('the service ended before it was ready');
}

// Decisions through the whole service, journal on: latency one at a time, rate with many in flight, and the same
// against a bare ping of the same host in the same run. The host is pinned to one core, this client to another.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { CommitteeClient } from '#conclave/clients/index.js';
import { MarketSimulator, windowOf } from '#conclave/market-data/index.js';
import { SeededRng, SystemClock } from '#conclave/runtime/index.js';
import { BaseClient } from '#conclave/service-framework/index.js';

const WINDOW = 256;
const SEQUENTIAL = 2_000;
const CONCURRENT = 6_000;
const IN_FLIGHT = 32;
const WARM_UP = 300;

const PINNING = spawnSync('taskset', ['--version']).status === 0;

const clock = new SystemClock();
const run = new MarketSimulator({ seed: 1, symbol: 'SIM/USD', barMs: 300_000 }).run(WINDOW + 1_000);

function question(step: number) {
  const from = step % 1_000;
  const { timeMs, open, high, low, close, volume } = windowOf(run.candles, from, from + WINDOW);
  return { symbol: 'SIM/USD', timeframe: '5m', candles: { timeMs, open, high, low, close, volume } };
}

function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? 0;
}

async function timed(times: number, call: (step: number) => Promise<unknown>): Promise<number[]> {
  const tookMs: number[] = [];
  for (let step = 0; step < times; step++) {
    const startMs = clock.monotonicMs();
    await call(step);
    tookMs.push(clock.monotonicMs() - startMs);
  }
  return tookMs;
}

/** Calls per second with a number of them in flight all the time. */
async function rate(
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

/** Starts the service pinned to the first core and waits until it is ready. */
async function startService(dataDir: string): Promise<{ child: ChildProcess; endpoint: string }> {
  const args = [
    join('dist', 'ml-service', 'main.js'),
    ...['--data-dir', dataDir, '--bind', 'tcp://127.0.0.1:0', '--metrics-port', '0', '--log-level', 'error'],
  ];
  const [command, full] = PINNING
    ? ['taskset', ['-c', '0', process.execPath, ...args]]
    : [process.execPath, args];
  const child = spawn(command, full, { stdio: ['ignore', 'pipe', 'inherit'] });
  for await (const line of createInterface({ input: child.stdout })) {
    return { child, endpoint: (JSON.parse(line) as { endpoints: { request: string } }).endpoints.request };
  }
  throw new Error('the service ended before it was ready');
}

const dataDir = mkdtempSync(join(tmpdir(), 'conclave-bench-'));
const { child, endpoint } = await startService(dataDir);
// The client has the other core to itself; unpinned runs flip between two modes and compare nothing.
if (PINNING) spawnSync('taskset', ['-acp', '1', String(process.pid)]);
const committee = new CommitteeClient({ endpoint, timeoutMs: 30_000 });
const bare = new BaseClient({ endpoint, clock, rng: new SeededRng(1) });
const predict = (step: number): Promise<unknown> => committee.predict(question(step));
const ping = (): Promise<unknown> => bare.ping();
await timed(WARM_UP, predict);
await timed(WARM_UP, ping);
const pingsMs = await timed(SEQUENTIAL, ping);
const predictionsMs = await timed(SEQUENTIAL, predict);
const perSecond = await rate(CONCURRENT, IN_FLIGHT, predict);
await committee.close();
await bare.close();
child.kill('SIGTERM');
await once(child, 'exit');
rmSync(dataDir, { recursive: true });

const report = {
  bench: 'committee',
  pinned: PINNING,
  node: process.version,
  predict: { candles: WINDOW, p50Ms: quantile(predictionsMs, 0.5), p99Ms: quantile(predictionsMs, 0.99) },
  ping: { p50Ms: quantile(pingsMs, 0.5) },
  ratioToPing: quantile(predictionsMs, 0.5) / quantile(pingsMs, 0.5),
  decisionsPerSecond: { inFlight: IN_FLIGHT, rate: perSecond },
};
if (process.argv.includes('--json')) {
  console.log(JSON.stringify(report));
} else {
  console.log(
    `voting.predict, ${WINDOW} candles, three experts, journal on${PINNING ? ', host and client pinned' : ''}`,
  );
  console.log(
    `  one at a time  p50 ${report.predict.p50Ms.toFixed(3)} ms   p99 ${report.predict.p99Ms.toFixed(3)} ms`,
  );
  console.log(
    `  service.ping   p50 ${report.ping.p50Ms.toFixed(3)} ms   a decision costs ${report.ratioToPing.toFixed(1)} pings`,
  );
  console.log(`  ${IN_FLIGHT} in flight   ${perSecond.toFixed(0)} decisions/s`);
}

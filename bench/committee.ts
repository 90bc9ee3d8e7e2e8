// Decisions through the whole service, journal on: latency one at a time, rate with many in flight, and the same
// against a bare ping of the same host in the same run. The host is pinned to one core, this client to another.
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CommitteeClient } from '#conclave/clients/index.js';
import { SeededRng, SystemClock } from '#conclave/runtime/index.js';
import { BaseClient } from '#conclave/service-framework/index.js';
import { PINNING, quantile, question, rate, startService, timed, WINDOW } from './committee/support.js';
import { readOptions } from './options.js';

const USAGE = `node build/bench/committee.js [options]: decisions through the whole service, journal on
  --json   for machines`;
const values = readOptions(USAGE, { json: { type: 'boolean', default: false } });

const SEQUENTIAL = 2_000;
const CONCURRENT = 6_000;
const IN_FLIGHT = 32;
const WARM_UP = 300;

const clock = new SystemClock();
const dataDir = mkdtempSync(join(tmpdir(), 'conclave-bench-'));
const { child, endpoint } = await startService(dataDir);
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
if (values.json) {
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

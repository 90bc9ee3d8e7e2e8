// Outcomes through the whole service: how many are durable a second with many in flight, against what the disk
// itself takes one at a time in the same run; and how long a start takes that has every record to replay.
import { once } from 'node:events';
import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CommitteeClient } from '#conclave/clients/index.js';
import type { Decision } from '#conclave/ml-service/index.js';
import { SystemClock } from '#conclave/runtime/index.js';
import { PINNING, quantile, question, rate, startService, timed } from './committee/support.js';
import { readOptions } from './options.js';

const USAGE = `node build/bench/outcomes.js [options]: durable outcomes a second, and the start that replays them
  --pairs <n>   decisions with their outcomes; default 50000
  --json        for machines`;
const values = readOptions(USAGE, {
  pairs: { type: 'string', default: '50000' },
  json: { type: 'boolean', default: false },
});

const PAIRS = Number(values.pairs);
const IN_FLIGHT = 64;
const BAR_MS = 300_000;
const SYNCS = 200;
const BAR = { perSecond: 3_000, replaySeconds: 5 };

const clock = new SystemClock();
const dataDir = mkdtempSync(join(tmpdir(), 'conclave-bench-'));
// No checkpoint on the way: the next start has all of it to replay.
const config = join(dataDir, 'bench.yaml');
writeFileSync(config, 'journal:\n  checkpointEvery: 10000000\n');
const NO_CHECKPOINTS = ['--config', config];

const { child, endpoint } = await startService(dataDir, NO_CHECKPOINTS);
const committee = new CommitteeClient({ endpoint, timeoutMs: 30_000 });
const decisions: Decision[] = [];
await rate(PAIRS, IN_FLIGHT, async (step) => {
  decisions.push(await committee.predict(question(step)));
});
const outcome = (step: number): Promise<unknown> => {
  const { decisionId, action, asOfMs } = decisions[step] as Decision;
  const traded = action !== 'hold';
  return committee.reportTrade({
    decisionId,
    side: traded ? action : 'none',
    quantity: traded ? 1 : 0,
    entryPrice: 100,
    exitPrice: 100 * (1 + ((step % 21) - 10) / 1e4),
    entryTimeMs: asOfMs,
    exitTimeMs: asOfMs + BAR_MS,
    feesPaid: traded ? 0.01 : 0,
  });
};
const perSecond = await rate(PAIRS, IN_FLIGHT, outcome);
const { stateHash, outcomes } = await committee.status();
await committee.close();
// Killed: nothing is written on the way out.
child.kill('SIGKILL');
await once(child, 'exit');

const syncsMs = await timed(SYNCS, async () => syncOnce());
const empty = mkdtempSync(join(tmpdir(), 'conclave-bench-'));
const bare = await startService(empty);
bare.child.kill('SIGTERM');
await once(bare.child, 'exit');
const again = await startService(dataDir, NO_CHECKPOINTS);
const restarted = new CommitteeClient({ endpoint: again.endpoint, timeoutMs: 30_000 });
const same = (await restarted.status()).stateHash === stateHash;
await restarted.close();
again.child.kill('SIGKILL');
await once(again.child, 'exit');
for (const folder of [dataDir, empty]) rmSync(folder, { recursive: true });

/** A record of a journal's size written and made durable, alone. */
function syncOnce(): void {
  const file = openSync(join(dataDir, 'bench.sync'), 'a');
  writeSync(file, Buffer.alloc(1_024, 7));
  fdatasyncSync(file);
  closeSync(file);
}

const report = {
  bench: 'outcomes',
  pinned: PINNING,
  node: process.version,
  durable: {
    inFlight: IN_FLIGHT,
    outcomes,
    perSecond,
    bar: BAR.perSecond,
    reached: perSecond >= BAR.perSecond,
  },
  lone: { syncP50Ms: quantile(syncsMs, 0.5), perSecond: 1e3 / quantile(syncsMs, 0.5) },
  restart: {
    records: 2 * PAIRS,
    seconds: (again.startMs - bare.startMs) / 1e3,
    emptyStartSeconds: bare.startMs / 1e3,
    sameState: same,
    bar: BAR.replaySeconds,
    reached: same && again.startMs - bare.startMs <= BAR.replaySeconds * 1e3,
  },
  tookSeconds: clock.monotonicMs() / 1e3,
};
if (values.json) console.log(JSON.stringify(report));
else {
  const { durable, lone, restart } = report;
  console.log(`outcomes through the whole service${PINNING ? ', host and client pinned' : ''}`);
  console.log(
    `  ${IN_FLIGHT} in flight   ${perSecond.toFixed(0)} durable outcomes/s (bar ${BAR.perSecond}: ${durable.reached ? 'reached' : 'NOT reached'}), ` +
      `${(perSecond / lone.perSecond).toFixed(1)} times a lone fdatasync after another`,
  );
  console.log(
    `  a start with ${restart.records} records to replay takes ${restart.seconds.toFixed(2)} s more than an empty one ` +
      `(bar ${BAR.replaySeconds}: ${restart.reached ? 'reached' : 'NOT reached'}), ${same ? 'same state' : 'ANOTHER STATE'}`,
  );
}

/**
 * Measures the journal on this machine; not a test. After a build:
 * `node build/test/ml-service/journal/measure.js [--json]`. Bodies of about 3 KB, as a decision's.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openJournal, verifyJournal } from '#conclave/ml-service/journal/index.js';
import { SystemClock, silentLogger } from '#conclave/runtime/index.js';

const LONE = 3000;
const WARM_UP = 500;
const CROWD = 30_000;
const IN_FLIGHT = 64;

const dataDir = mkdtempSync(join(tmpdir(), 'conclave-measure-'));
const clock = new SystemClock();
const journal = await openJournal({ dataDir, clock, logger: silentLogger() });
const body = { column: new Float64Array(370).map((_, i) => Math.sin(i)), text: 'decision' };
let made = 0;
const append = (kind: string): Promise<void> =>
  journal.append({ kind, timeMs: clock.nowMs(), subject: `s-${made++}`, body }).durable;

function percentile(sorted: readonly number[], share: number): number {
  return Math.round((sorted[Math.floor(sorted.length * share)] ?? Number.NaN) * 1000);
}

async function lone(kind: string): Promise<{ p50Us: number; p99Us: number }> {
  const timesMs: number[] = [];
  for (let i = 0; i < WARM_UP + LONE; i++) {
    // As a service meets it: the writer asleep, the event loop turning.
    await new Promise((resolve) => setImmediate(resolve));
    const startMs = clock.monotonicMs();
    await append(kind);
    if (i >= WARM_UP) timesMs.push(clock.monotonicMs() - startMs);
  }
  timesMs.sort((a, b) => a - b);
  return { p50Us: percentile(timesMs, 0.5), p99Us: percentile(timesMs, 0.99) };
}

async function crowd(kind: string): Promise<number> {
  const startMs = clock.monotonicMs();
  let left = CROWD;
  const lane = async (): Promise<void> => {
    while (left-- > 0) await append(kind);
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, lane));
  return Math.round((CROWD / (clock.monotonicMs() - startMs)) * 1000);
}

const process_ = await lone('decision');
const power = await lone('feedback');
const processPerSecond = await crowd('decision');
const powerPerSecond = await crowd('feedback');
const startMs = clock.monotonicMs();
const { records, problems } = verifyJournal(dataDir);
const verifyUs = Math.round(((clock.monotonicMs() - startMs) * 1000) / records);
await journal.close();
rmSync(dataDir, { recursive: true });
const result = {
  lone: { process: process_, power },
  perSecondWith64InFlight: { process: processPerSecond, power: powerPerSecond },
  verify: { records, problems: problems.length, usPerRecord: verifyUs },
};
process.stdout.write(`${JSON.stringify(result, null, process.argv.includes('--json') ? 0 : 2)}\n`);

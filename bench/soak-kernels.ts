// Ten million calls of the kernels, results kept by no one: the process may not grow. Ends with 1 where it does.
// Options: --calls <number>, --json.
import { setImmediate } from 'node:timers/promises';
import {
  bundle,
  bundleInto,
  fitHmm,
  HmmFilter,
  IndicatorStream,
  KernelWorkers,
  QuantileSketch,
  rollingCovariance,
  rsi,
  valueAtRisk,
} from '#conclave/fastcalc/index.js';
import { ServiceError, SystemClock } from '#conclave/runtime/index.js';
import { readOptions } from './options.js';

const ROWS = 64;
const SPEC = 'rsi(14),macd(12,26,9),adx(14),bbands(20,2,2),cdlengulfing,obv';
/** Calls between two looks at the memory; the event loop turns there, so that finalizers run. */
const BLOCK = 5_000;
/** What allocator and collector may hold more at the end; a leak of 8 bytes a call would make four times that. */
const SLACK_BYTES = 16 * 2 ** 20;

const USAGE = `node build/bench/soak-kernels.js [options]: many calls of the kernels, flat memory
  --calls <n>   default 10000000
  --json        for machines`;

const values = readOptions(USAGE, {
  calls: { type: 'string', default: '10000000' },
  json: { type: 'boolean', default: false },
});
const calls = Number(values.calls);
if (!Number.isInteger(calls) || calls < 100 * BLOCK) {
  console.error(`--calls must be an integer of at least ${100 * BLOCK}`);
  process.exit(2);
}

const of = (value: (row: number) => number): Float64Array =>
  Float64Array.from({ length: ROWS }, (_, row) => value(row));
const close = of((row) => 100 + 10 * Math.sin(row / 7));
const candles = {
  open: close.map((v) => v - 0.3),
  high: close.map((v) => v + 1),
  low: close.map((v) => v - 1),
  close,
  volume: of((row) => 1000 + (row % 17)),
};
const row = Object.fromEntries(
  Object.entries(candles).map(([name, column]) => [name, column.subarray(0, 1)]),
);
const stream = new IndicatorStream(SPEC);
const rowOut = new Float64Array(stream.columns.length);
const out = new Float64Array(stream.columns.length * ROWS);
const returns = of((at) => 0.01 * Math.sin(at * at));
const filter = new HmmFilter(
  fitHmm(returns, { states: 2, emission: 'gaussian', maxIterations: 5, tolerance: 0 }),
);
const sketch = new QuantileSketch({ accuracy: 0.01 });
const workers = new KernelWorkers({ threads: 1 });

function refused(): void {
  try {
    rsi(close, 0);
  } catch (error) {
    if (error instanceof ServiceError && error.field === 'period') return;
    throw error;
  }
  throw new Error('a period of 0 was accepted');
}

/** Every way across the boundary, in turn. */
const WAYS: readonly (() => unknown)[] = [
  () => stream.pushInto(row, rowOut),
  () => bundleInto(candles, 'ema(20)', out.subarray(0, ROWS)),
  () => bundle(candles, SPEC),
  () => stream.push(row),
  () => IndicatorStream.restore(stream.snapshot()),
  () => rsi(close, 14),
  refused,
  () => filter.update(0.01),
  () => sketch.add(returns),
  () => rollingCovariance(returns, { columns: 2, period: 5 }),
  () => valueAtRisk(returns, { level: 0.95, method: 'historical' }),
];

function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[numbers.length >> 1] ?? 0;
}

const clock = new SystemClock();
const startMs = clock.monotonicMs();
const residentBytes: number[] = [];
for (let done = 0; done < calls; done += BLOCK) {
  for (let at = 0; at < BLOCK; at += 1) WAYS[(done + at) % WAYS.length]?.();
  await workers.run('fitTail', [returns, { thresholdLevel: 0.5 }]);
  await setImmediate();
  residentBytes.push(process.memoryUsage.rss());
}
await workers.close();

const fifth = Math.floor(residentBytes.length / 5);
const medians = [0, 1, 2, 3, 4].map((at) => median(residentBytes.slice(at * fifth, (at + 1) * fifth)));
const [, before = 0, , , after = 0] = medians;
const flat = after - before <= SLACK_BYTES;
const report = {
  calls: residentBytes.length * BLOCK,
  seconds: (clock.monotonicMs() - startMs) / 1000,
  residentMiB: medians.map((bytes) => bytes / 2 ** 20),
  flat,
};
if (values.json) console.log(JSON.stringify(report));
else {
  console.log(`${report.calls} calls in ${report.seconds.toFixed(1)} s`);
  const shown = report.residentMiB.map((size) => size.toFixed(1)).join(', ');
  console.log(`resident, median of each fifth: ${shown} MiB: ${flat ? 'flat' : 'it grows'}`);
}
process.exitCode = flat ? 0 : 1;

import {
  bundle,
  fitHmm,
  type HmmParameters,
  IndicatorStream,
  monteCarlo,
  type SimdLevel,
  sweepInto,
} from '#conclave/fastcalc/index.js';
import { SeededRng } from '#conclave/runtime/index.js';
import { type Bars, listed } from './bars.js';
import type { TaLib } from './compile.js';
import { BUNDLE, type Pair, WINDOWS } from './functions.js';
import { alone, race } from './race.js';
import { type Figure, own, ratio } from './report.js';

/** What every section needs. */
export interface Bench {
  readonly rows: number;
  readonly rounds: number;
  readonly taLib: TaLib;
  readonly bars: Bars;
  /** Vectors of ours, at most; the widest there are where undefined. */
  readonly level: SimdLevel | undefined;
}

const columns = (pairs: readonly Pair[]): number => pairs.reduce((sum, { outputs }) => sum + outputs, 0);

function split(out: Float64Array, rows: number): readonly Float64Array[] {
  return Array.from({ length: out.length / rows }, (_, at) => out.subarray(at * rows, (at + 1) * rows));
}

/** Every indicator alone, then all thirty: one call of ours against thirty of TA-Lib's. */
export function bundleFigures({ rows, rounds, taLib, bars }: Bench): Figure[] {
  // Written once, so that nobody pays for the memory.
  const out = new Float64Array(rows * columns(BUNDLE)).fill(1);
  const parts = split(out, rows);
  const all = listed(bars);
  const figures: Figure[] = [];
  const single = ({ spec, taLib: name, parameters, outputs }: Pair): Figure => {
    const ours = out.subarray(0, rows * outputs);
    const { oursNs, theirsNs } = race(
      rounds,
      () => new IndicatorStream(spec).pushInto(bars, ours),
      () => taLib.call(name, all, parameters, parts.slice(0, outputs)),
    );
    return ratio(spec, 'ns a row', { ours: oursNs / rows, theirs: theirsNs / rows }, 0.9);
  };
  figures.push(...BUNDLE.map(single));
  const spec = BUNDLE.map((each) => each.spec).join(',');
  const { oursNs, theirsNs } = race(
    rounds,
    () => new IndicatorStream(spec).pushInto(bars, out),
    () => {
      let at = 0;
      for (const { taLib: name, parameters, outputs } of BUNDLE) {
        taLib.call(name, all, parameters, parts.slice(at, at + outputs));
        at += outputs;
      }
    },
  );
  figures.push(
    ratio(
      '30 indicators in one bundle',
      'ns a row',
      { ours: oursNs / rows, theirs: theirsNs / rows },
      3,
      3.5,
    ),
  );
  return figures;
}

/** Windows of 200 rows. */
export function windowFigures({ rows, rounds, taLib, bars }: Bench): Figure[] {
  const out = new Float64Array(rows).fill(1);
  return WINDOWS.map(({ spec, taLib: name, parameters, bar }) => {
    const { oursNs, theirsNs } = race(
      rounds,
      () => new IndicatorStream(spec).pushInto(bars, out),
      () => taLib.call(name, listed(bars), parameters, [out]),
    );
    return ratio(spec, 'ns a row', { ours: oursNs / rows, theirs: theirsNs / rows }, bar);
  });
}

/** Periods of the sweeps. */
const PERIODS = Array.from({ length: 64 }, (_, at) => 5 + 5 * at);

/** Rows of a series that is swept. */
const SWEPT_ROWS = 4_000;

/** All periods in one call against TA-Lib's call a period, on fresh series of {@link SWEPT_ROWS} rows. */
export function sweepFigures({ rows, rounds, taLib, bars }: Bench): Figure[] {
  const out = new Float64Array(SWEPT_ROWS * PERIODS.length).fill(1);
  const parts = split(out, SWEPT_ROWS);
  const starts = Array.from({ length: Math.floor(rows / SWEPT_ROWS) }, (_, at) => at * SWEPT_ROWS);
  const series = starts.map((start) => bars.close.subarray(start, start + SWEPT_ROWS));
  return (
    [
      ['ema', 'EMA', 12],
      ['rsi', 'RSI', 20],
      ['sma', 'SMA', 6],
    ] as const
  ).map(([name, theirs, bar]) => {
    const { oursNs, theirsNs } = race(
      rounds,
      () => {
        for (const close of series) sweepInto(name, close, PERIODS, out);
      },
      () => {
        for (const close of series) {
          const input = [close, close, close, close, close];
          PERIODS.forEach((period, at) => {
            taLib.call(theirs, input, [period], parts.slice(at, at + 1));
          });
        }
      },
    );
    const values = series.length * SWEPT_ROWS * PERIODS.length;
    const figure = `${name} sweep, ${PERIODS.length} periods`;
    return ratio(figure, 'ns a value', { ours: oursNs / values, theirs: theirsNs / values }, bar);
  });
}

/** Calls that do nearly nothing: five arrays of one row. */
export function callFigures({ rounds, bars }: Bench): Figure[] {
  const calls = 200_000;
  const one = (column: Float64Array): Float64Array => column.slice(0, 1);
  const { open, high, low, close, volume } = bars;
  const row = { open: one(open), high: one(high), low: one(low), close: one(close), volume: one(volume) };
  const stream = new IndicatorStream('avgprice,ad');
  const out = new Float64Array(2);
  const perCall = alone(rounds, () => {
    for (let call = 0; call < calls; call++) stream.pushInto(row, out);
  });
  return [
    own('a call with five arrays', 'ns', perCall / calls, false, 250),
    own('memory of a call of the bundle', 'allocations', allocations(bars), false, 1),
  ];
}

/**
 * Buffers that a call of all thirty gives, whose bytes are also all that the process has more of afterwards; the
 * addon takes no memory of its own (crates/fastcalc/tests/allocations.rs).
 */
function allocations({ open, high, low, close, volume }: Bars): number {
  const rows = 5_000;
  const some = (column: Float64Array): Float64Array => column.slice(0, rows);
  const candles = {
    open: some(open),
    high: some(high),
    low: some(low),
    close: some(close),
    volume: some(volume),
  };
  const spec = BUNDLE.map((each) => each.spec).join(',');
  bundle(candles, spec);
  const before = process.memoryUsage().arrayBuffers;
  const results = bundle(candles, spec);
  const taken = process.memoryUsage().arrayBuffers - before;
  const buffers = new Set([...results.values()].map((column) => column.buffer));
  const bytes = [...buffers].reduce((sum, { byteLength }) => sum + byteLength, 0);
  return taken > bytes ? Number.POSITIVE_INFINITY : buffers.size;
}

/** Expectation maximisation and bootstrap. */
export function modelFigures({ rounds }: Bench): Figure[] {
  const rng = new SeededRng(11);
  const observations = Float64Array.from(
    { length: 200_000 },
    (_, row) => rng.normal() * (row % 4_000 < 2_000 ? 1 : 3),
  );
  const initial: HmmParameters = {
    states: 3,
    emission: 'gaussian',
    initial: Float64Array.of(1 / 3, 1 / 3, 1 / 3),
    transition: Float64Array.of(0.9, 0.05, 0.05, 0.05, 0.9, 0.05, 0.05, 0.05, 0.9),
    mean: new Float64Array(3),
    variance: Float64Array.of(1, 2, 3),
  };
  const iterate = (maxIterations: number): void => {
    fitHmm(observations, { states: 3, emission: 'gaussian', maxIterations, tolerance: 0, initial });
  };
  // What both have in common, the first pass among it, cancels out.
  const times = race(
    rounds,
    () => iterate(12),
    () => iterate(2),
  );
  const em = (times.oursNs - times.theirsNs) / (10 * observations.length);
  const results = Float64Array.from({ length: 500 }, () => 0.01 * rng.normal());
  const options = {
    resampling: 'bootstrap',
    paths: 20_000,
    steps: 500,
    compounding: true,
    seed: 1,
    threads: 1,
  } as const;
  const walkNs = alone(rounds, () => {
    monteCarlo(results, options);
  });
  return [
    own('HMM EM, 3 states', 'ns an observation', em, false, 40, 20),
    own(
      'Monte Carlo bootstrap with drawdown',
      'million steps a CPU second',
      (options.paths * options.steps * 1e3) / walkNs,
      true,
      500,
    ),
  ];
}

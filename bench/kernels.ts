/**
 * The numeric kernels against TA-Lib in C (from the package `talib-binding`, compiled with -O3 in this
 * run), `technicalindicators` and `tulind`. Contestants take turns on one processor; medians of the
 * rounds; bars are new to everyone. Only ratios of one run mean anything.
 *
 *     node build/bench/kernels.js [--rows 1000000] [--rounds 9] [--level avx2] [--only bundle,sweep] [--json]
 */
import { spawnSync } from 'node:child_process';
import { cpus } from 'node:os';
import { limitSimd, type SimdLevel, simdLevel } from '#conclave/fastcalc/index.js';
import { freshBars } from './kernels/bars.js';
import { C_FLAGS, loadTaLib } from './kernels/compile.js';
import { nodeFigures } from './kernels/node-figures.js';
import { asTable, type Figure, reached } from './kernels/report.js';
import { bundleFigures, callFigures, modelFigures, sweepFigures, windowFigures } from './kernels/sections.js';
import { readOptions } from './options.js';

const USAGE = `node build/bench/kernels.js [options]: the kernels against TA-Lib in C and packages of npm
  --rows <n>         bars; default 1000000
  --rounds <n>       of each contestant; default 9
  --level <name>     vectors of ours, at most: sse2, avx2, avx512; default the widest there are
  --only <sections>  of bundle, window, sweep, node, call, model, separated by commas
  --json             for machines`;

const values = readOptions(USAGE, {
  rows: { type: 'string', default: '1000000' },
  rounds: { type: 'string', default: '9' },
  level: { type: 'string' },
  only: { type: 'string' },
  json: { type: 'boolean', default: false },
});

const level = values.level as SimdLevel | undefined;
if (level !== undefined) limitSimd(level);
const core = Math.max(0, cpus().length - 1);
const pinned = spawnSync('taskset', ['-acp', String(core), String(process.pid)]).status === 0;
const rows = Number(values.rows);
const bench = { rows, rounds: Number(values.rounds), taLib: loadTaLib(), bars: freshBars(rows), level };
const wanted = values.only?.split(',');
const SECTIONS = {
  bundle: bundleFigures,
  window: windowFigures,
  sweep: sweepFigures,
  node: nodeFigures,
  call: callFigures,
  model: modelFigures,
};
const figures: Figure[] = [];
for (const [name, section] of Object.entries(SECTIONS)) {
  if (wanted !== undefined && !wanted.includes(name)) continue;
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${name}`);
  figures.push(...(await section(bench)));
}
if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
const about = {
  date: new Date().toISOString().slice(0, 10),
  processor: cpus()[0]?.model ?? 'unknown',
  vectors: simdLevel(),
  node: process.version,
  taLib: C_FLAGS.join(' '),
  rows,
  rounds: bench.rounds,
  pinned,
};
if (values.json) {
  console.log(
    JSON.stringify({ ...about, figures: figures.map((each) => ({ ...each, reached: reached(each) })) }),
  );
} else {
  console.log(asTable(figures));
  console.log(
    `${about.date}, ${about.processor}, ${about.vectors}, Node.js ${about.node}; TA-Lib: cc ${about.taLib}; ` +
      `${rows} fresh bars, medians of ${about.rounds}, ${pinned ? `pinned to core ${core}` : 'not pinned'}. ` +
      'Only ratios of one run mean anything.',
  );
}

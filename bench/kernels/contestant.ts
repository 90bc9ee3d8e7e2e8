/** The process of a contestant from Node: answers the place of a function with the time of a round of it. */
import { limitSimd, type SimdLevel } from '#conclave/fastcalc/index.js';
import { type ContestantName, NODE_ROWS, workOf } from './contestants.js';
import { collectGarbage, timed } from './race.js';

/** Part of the series that is given once before, not counted. */
const WARM_UP = 0.4;

/** Least time of a round: shorter ones would measure what the garbage collector does after it was called. */
const LEAST_MS = 10;

const [, , name, most, level] = process.argv;
if (level !== undefined) limitSimd(level as SimdLevel);
const { series, run } = workOf(name as ContestantName, Number(most));

process.on('message', (at: number) => {
  // No round leaves its garbage to the next, and each has worked for a while before: the heap of Node.js grows and
  // shrinks with what is asked of it.
  collectGarbage();
  for (let of = 0; of < series * WARM_UP; of++) run(at, of);
  let passes = 0;
  const tookNs = timed(() => {
    const startMs = performance.now();
    do {
      for (let of = 0; of < series; of++) run(at, of);
      passes++;
    } while (performance.now() - startMs < LEAST_MS);
  });
  process.send?.(tookNs / (passes * series * NODE_ROWS));
});

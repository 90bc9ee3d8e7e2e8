import { bundle } from '#conclave/fastcalc/index.js';
import { type Bars, freshBars } from './bars.js';
import { common, type PlainBars } from './peers.js';

/** Rows of a series of the packages of npm, as they are charted and tested. */
export const NODE_ROWS = 4_000;

/** Series that the packages are given in a round, which takes them seconds. */
const PEER_SERIES = 25;

/** Ours in one call and in one a function, and the packages. */
export type ContestantName = 'together' | 'apart' | 'technical' | 'tulip';

/** What a contestant does in a round. */
export interface Work {
  /** Series of {@link NODE_ROWS} rows. */
  readonly series: number;
  /** Calls the function at a place over a series. */
  readonly run: (at: number, series: number) => unknown;
}

/** A contestant with bars that are new to it, as it takes them. */
export function workOf(name: ContestantName, most: number): Work {
  const functions = common();
  const specs = functions.map(({ spec }) => spec);
  const series = name === 'together' || name === 'apart' ? most : Math.min(most, PEER_SERIES);
  const fresh = Array.from({ length: series }, (_, at) => freshBars(NODE_ROWS, 1_000 + at));
  const bars = (of: number): Bars => found(fresh[of]);
  if (name === 'together') {
    const spec = specs.join(',');
    return { series, run: (_, of) => bundle(bars(of), spec) };
  }
  if (name === 'apart') return { series, run: (at, of) => bundle(bars(of), found(specs[at])) };
  const plain = fresh.map(plainBars);
  fresh.length = 0;
  const calculate = functions.map((each) => (name === 'technical' ? each.technicalIndicators : each.tulind));
  return { series, run: (at, of) => found(calculate[at])(found(plain[of])) };
}

function found<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('no such function or series');
  return value;
}

function plainBars({ open, high, low, close, volume }: Bars): PlainBars {
  const plain = (column: Float64Array): number[] => Array.from(column);
  return {
    open: plain(open),
    high: plain(high),
    low: plain(low),
    close: plain(close),
    volume: plain(volume),
  };
}

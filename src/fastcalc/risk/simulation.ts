import { invalidArgument } from '../../runtime/index.js';
import { count, object, scalar, series } from '../arguments.js';
import { loadNative } from '../native.js';
import { translated } from '../native-errors.js';

/*
 * All randomness comes from the seed, and the number of threads has no influence on the numbers. The
 * calling thread waits for the result.
 */

const STATISTICS = ['mean', 'sharpe', 'maximum-drawdown', 'total-return'] as const;

/** Options of {@link stationaryBootstrap}. */
export interface BootstrapOptions {
  /** What is computed of each resample; 'sharpe' is per period. */
  readonly statistic: (typeof STATISTICS)[number];
  /** Expected rows of a block, at least 1; 1 draws every row on its own. */
  readonly meanBlock: number;
  readonly replicates: number;
  /** A whole number of at least 0. */
  readonly seed: number;
  /** Default as many as the machine offers. */
  readonly threads?: number;
}

/** The statistic of each stationary-bootstrap resample (Politis, Romano 1994), in order. */
export function stationaryBootstrap(returns: Float64Array, options: BootstrapOptions): Float64Array {
  const values = series('returns', returns);
  const o = object('options', options);
  const statistic = STATISTICS.indexOf(o.statistic);
  if (statistic < 0) throw invalidArgument('statistic', o.statistic, STATISTICS.join(', '));
  const native = {
    statistic,
    meanBlock: scalar('meanBlock', o.meanBlock),
    replicates: count('replicates', o.replicates, 1),
    seed: seedOf(o.seed),
    threads: threadsOf(o.threads),
  };
  return translated(() => loadNative().stationaryBootstrap(values, native));
}

/** Options of {@link stationaryBootstrapRows}. */
export interface BootstrapRowsOptions {
  /** Rows of the series, at least 1. */
  readonly rows: number;
  readonly meanBlock: number;
  readonly seed: number;
  /** Number of the resample, from 0. */
  readonly replicate: number;
}

/** The rows that make up one resample: the one `stationaryBootstrap` evaluates under that number. */
export function stationaryBootstrapRows(options: BootstrapRowsOptions): Float64Array {
  const o = object('options', options);
  const numbers = [
    count('rows', o.rows, 1),
    scalar('meanBlock', o.meanBlock),
    seedOf(o.seed),
    count('replicate', o.replicate, 0),
  ] as const;
  return translated(() => loadNative().stationaryBootstrapRows(...numbers));
}

/** Options of {@link monteCarlo}. */
export interface MonteCarloOptions {
  /** 'bootstrap' draws with replacement, 'shuffle' takes all trades in another order. Default 'bootstrap'. */
  readonly resampling?: 'bootstrap' | 'shuffle';
  readonly paths: number;
  /** Trades a path. Default the number of results. */
  readonly steps?: number;
  /** True: results are returns and compound. False: amounts, which add up. Default true. */
  readonly compounding?: boolean;
  /** A whole number of at least 0. */
  readonly seed: number;
  /** Default as many as the machine offers. */
  readonly threads?: number;
}

/** One value a path. */
export interface MonteCarlo {
  /** Compounded return, or sum of the amounts. */
  readonly total: Float64Array;
  /** Greatest fall from a peak, the start being one: a fraction of it, or an amount. */
  readonly maximumDrawdown: Float64Array;
}

/**
 * Simulates paths of trades drawn with replacement or put in another order: the total of each path and its
 * greatest drawdown. Missing results are left out.
 */
export function monteCarlo(results: Float64Array, options: MonteCarloOptions): MonteCarlo {
  const values = series('results', results);
  const o = object('options', options);
  const resampling = o.resampling ?? 'bootstrap';
  if (resampling !== 'bootstrap' && resampling !== 'shuffle') {
    throw invalidArgument('resampling', resampling, "'bootstrap' or 'shuffle'");
  }
  const native = {
    shuffle: resampling === 'shuffle',
    paths: count('paths', o.paths, 1),
    steps: count('steps', o.steps ?? values.filter((v) => !Number.isNaN(v)).length, 0),
    compounding: o.compounding ?? true,
    seed: seedOf(o.seed),
    threads: threadsOf(o.threads),
  };
  return translated(() => loadNative().monteCarlo(values, native));
}

function seedOf(seed: number): number {
  return count('seed', seed, 0, Number.MAX_SAFE_INTEGER);
}

function threadsOf(threads: number | undefined): number {
  return threads === undefined ? 0 : count('threads', threads, 1, 1024);
}

import { invalidArgument } from '../../runtime/index.js';
import { object, scalar, series } from '../arguments.js';
import { loadNative } from '../native.js';
import { translated } from '../native-errors.js';

const METHODS = ['historical', 'normal', 'cornish-fisher', 'extreme-value'] as const;

/** Options of {@link valueAtRisk}. */
export interface ValueAtRiskOptions {
  /** Probability that the loss is not exceeded, between 0 and 1; often 0.95 or 0.99. */
  readonly level: number;
  /**
   * 'historical': quantile of the returns, interpolated. 'normal': mean and deviation (n − 1).
   * 'cornish-fisher': corrected for skewness and kurtosis (shortfall after Maillard 2012).
   * 'extreme-value': a Pareto tail beyond `thresholdLevel` (McNeil, Frey 2000).
   */
  readonly method: (typeof METHODS)[number];
  /** Level of the losses at which the Pareto tail begins, below `level`. Default 0.9. */
  readonly thresholdLevel?: number;
}

/** Two losses of one period, positive where they are losses. */
export interface TailRisk {
  /** Exceeded with probability 1 − level. */
  readonly valueAtRisk: number;
  /** Mean loss where it is exceeded (CVaR). */
  readonly expectedShortfall: number;
}

/**
 * Value at risk and expected shortfall of one period, positive where they are losses: of the returns
 * themselves (quantile interpolated linearly, shortfall the mean at and beyond it), of a normal with their
 * mean and deviation (n − 1), corrected for skewness and kurtosis (Cornish, Fisher 1938; Maillard 2012), or
 * of a Pareto tail (McNeil, Frey 2000). NaN of fewer than two returns.
 */
export function valueAtRisk(returns: Float64Array, options: ValueAtRiskOptions): TailRisk {
  const values = series('returns', returns);
  const { level, method, thresholdLevel = 0.9 } = object('options', options);
  const number = METHODS.indexOf(method);
  if (number < 0) throw invalidArgument('method', method, METHODS.join(', '));
  const [p, start] = [scalar('level', level), scalar('thresholdLevel', thresholdLevel)];
  return translated(() => loadNative().valueAtRisk(values, p, number, start));
}

/** A likelihood-ratio test of the number of violations. */
export interface CoverageTest {
  readonly statistic: number;
  readonly pValue: number;
  readonly violations: number;
  readonly rows: number;
}

/** Likelihood-ratio tests of when violations come. */
export interface ChristoffersenTest {
  /** Independence, one degree of freedom. */
  readonly independence: number;
  readonly independencePValue: number;
  /** Independence and the right number together, two degrees of freedom. */
  readonly conditionalCoverage: number;
  readonly conditionalCoveragePValue: number;
}

/** Tests whether violations (1, 0, NaN unknown) come at `rate` (Kupiec 1995). */
export function kupiecTest(violations: Float64Array, rate: number): CoverageTest {
  const values = series('violations', violations);
  const share = scalar('rate', rate);
  return translated(() => loadNative().kupiecTest(values, share));
}

/** Tests whether violations cluster, and come at `rate` independently (Christoffersen 1998). */
export function christoffersenTest(violations: Float64Array, rate: number): ChristoffersenTest {
  const values = series('violations', violations);
  const share = scalar('rate', rate);
  return translated(() => loadNative().christoffersenTest(values, share));
}

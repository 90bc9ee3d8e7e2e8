import { count, object, scalar, series } from '../arguments.js';
import { loadNative } from '../native.js';
import { translated } from '../native-errors.js';

/** e = r − mu, h = omega + alpha × (e before)² + beta × (h before) (Bollerslev 1986). */
export interface GarchParameters {
  /** Mean of the returns. */
  readonly mu: number;
  /** Constant of the variance, above 0. */
  readonly omega: number;
  /** Weight of the last square, at least 0. */
  readonly alpha: number;
  /** Weight of the last variance, at least 0. */
  readonly beta: number;
}

/** Conditional variances of a series. */
export interface GarchPath {
  /** Of each row, from the rows before it. */
  readonly variance: Float64Array;
  /** Of the row after the last. */
  readonly nextVariance: number;
  /** Gaussian log likelihood of the returns that are there. */
  readonly logLikelihood: number;
}

/** A fitted model; alpha + beta is below 1. */
export interface GarchFit extends GarchPath {
  readonly parameters: GarchParameters;
  /** Whether the search came to rest. */
  readonly converged: boolean;
}

/** Options of {@link garchFilter}. */
export interface GarchFilterOptions {
  /**
   * Square and variance before the first row, above 0. Default: the mean squared residual of the series
   * itself, which looks ahead; pass one for a causal path.
   */
  readonly presample?: number;
}

/**
 * Fits a GARCH(1,1) by Gaussian maximum likelihood with analytic derivatives (Fiorentini, Calzolari,
 * Panattoni 1996); the presample is the mean squared residual. Deterministic. At least ten returns that
 * differ; missing ones are left out of the search.
 */
export function fitGarch(returns: Float64Array): GarchFit {
  const values = series('returns', returns);
  return translated(() => loadNative().fitGarch(values));
}

/** Runs a GARCH(1,1) over a series (Bollerslev 1986); a missing return counts as one of the expected square. */
export function garchFilter(
  returns: Float64Array,
  parameters: GarchParameters,
  options: GarchFilterOptions = {},
): GarchPath {
  const values = series('returns', returns);
  const native = pack(parameters);
  const { presample } = object('options', options);
  const start = presample === undefined ? undefined : scalar('presample', presample);
  return translated(() => loadNative().garchFilter(values, native, start));
}

/**
 * Expected variances of the next `horizon` rows (Bollerslev 1986), of which the first has `nextVariance`:
 * each next one is omega + (alpha + beta) × the one before.
 */
export function garchForecast(
  parameters: GarchParameters,
  nextVariance: number,
  horizon: number,
): Float64Array {
  const native = pack(parameters);
  const first = scalar('nextVariance', nextVariance);
  const rows = count('horizon', horizon, 0);
  return translated(() => loadNative().garchForecast(native, first, rows));
}

function pack(parameters: GarchParameters): GarchParameters {
  const { mu, omega, alpha, beta } = object('parameters', parameters);
  return {
    mu: scalar('parameters.mu', mu),
    omega: scalar('parameters.omega', omega),
    alpha: scalar('parameters.alpha', alpha),
    beta: scalar('parameters.beta', beta),
  };
}

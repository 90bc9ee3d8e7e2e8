import { filterHmm, fitHmm, type HmmFit, type HmmParameters } from '../../../fastcalc/index.js';

export const STATES = 3;
/** Returns have fat tails; with five degrees of freedom one jump does not make a state of its own. */
const DEGREES_OF_FREEDOM = 5;
/** Variance of Student's t over its squared scale. */
const VARIANCE_OF_SCALE = DEGREES_OF_FREEDOM / (DEGREES_OF_FREEDOM - 2);
const MAX_ITERATIONS = 10;
const TOLERANCE = 1e-4;
/** Squared scales of the states before the fit, as multiples of the window's: calm, normal, volatile. */
const INITIAL_SCALES = [0.25, 1, 4] as const;
/** Probability of staying in a state before the fit: regimes last for tens of bars. */
const INITIAL_STAY = 0.95;

/** What the model expects of the next bar. */
export interface Forecast {
  /** Filtered probabilities of the states now, by volatility. */
  readonly posterior: Float64Array;
  readonly meanBps: number;
  readonly sigmaBps: number;
  /** `sigmaBps` over the root mean square of the window. */
  readonly volatilityRatio: number;
  /** Return expected of the next bar over its standard error. */
  readonly tStatistic: number;
}

function meanSquare(values: Float64Array): number {
  let squares = 0;
  for (const value of values) squares += value * value;
  return squares / values.length;
}

/** Where the fit starts: the same market at three levels of volatility, without drift. */
function initialModel(variance: number): HmmParameters {
  const transition = new Float64Array(STATES * STATES).fill((1 - INITIAL_STAY) / (STATES - 1));
  for (let s = 0; s < STATES; s++) transition[s * STATES + s] = INITIAL_STAY;
  return {
    states: STATES,
    emission: 'student-t',
    degreesOfFreedom: DEGREES_OF_FREEDOM,
    initial: new Float64Array(STATES).fill(1 / STATES),
    transition,
    mean: new Float64Array(STATES),
    variance: Float64Array.from(INITIAL_SCALES, (multiple) => (multiple * variance) / VARIANCE_OF_SCALE),
  };
}

/** Rows that each state accounts for. */
function occupancyOf(posterior: Float64Array): Float64Array {
  const occupancy = new Float64Array(STATES);
  for (let i = 0; i < posterior.length; i++) {
    const state = i % STATES;
    occupancy[state] = (occupancy[state] as number) + (posterior[i] as number);
  }
  return occupancy;
}

/** Probability of each state at the next bar. */
function nextStates(now: Float64Array, { transition }: HmmFit): Float64Array {
  return Float64Array.from({ length: STATES }, (_, to) => {
    let probability = 0;
    for (let from = 0; from < STATES; from++) {
      probability += (now[from] as number) * (transition[from * STATES + to] as number);
    }
    return probability;
  });
}

/**
 * Fits a hidden Markov model with Student-t emissions to the returns of a window and carries its filtered
 * posterior one bar on. Each state's mean is judged by the rows that state accounts for.
 * @param returns basis points, not all equal
 */
export function forecastOf(returns: Float64Array): Forecast {
  const windowVariance = meanSquare(returns);
  const fit = fitHmm(returns, {
    states: STATES,
    emission: 'student-t',
    degreesOfFreedom: DEGREES_OF_FREEDOM,
    maxIterations: MAX_ITERATIONS,
    tolerance: TOLERANCE,
    initial: initialModel(windowVariance),
  });
  const { posterior } = filterHmm(returns, fit);
  const now = posterior.slice(-STATES);
  const next = nextStates(now, fit);
  const occupancy = occupancyOf(posterior);
  let meanBps = 0;
  let variance = 0;
  let errorSquared = 0;
  for (let s = 0; s < STATES; s++) {
    const weight = next[s] as number;
    const stateVariance = (fit.variance[s] as number) * VARIANCE_OF_SCALE;
    meanBps += weight * (fit.mean[s] as number);
    variance += weight * stateVariance;
    errorSquared += weight * weight * (stateVariance / Math.max(1, occupancy[s] as number));
  }
  const error = Math.sqrt(errorSquared);
  return {
    posterior: now,
    meanBps,
    sigmaBps: Math.sqrt(variance),
    volatilityRatio: Math.sqrt(variance / windowVariance),
    tStatistic: error > 0 ? meanBps / error : 0,
  };
}

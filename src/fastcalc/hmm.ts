import { count, object, scalar, series } from './arguments.js';
import { degreesOf, MAX_HMM_STATES, packParameters, unpackParameters } from './hmm-parameters.js';
import type { FitHmmOptions, HmmFiltered, HmmFit, HmmParameters, HmmPath } from './hmm-types.js';
import { loadNative } from './native.js';
import { translated } from './native-errors.js';
import type { NativeFitOptions } from './native-kernels.js';

/** Heavy tails, yet a finite variance: what daily to minute returns usually call for. */
const DEFAULT_DEGREES_OF_FREEDOM = 5;

/**
 * Fits a hidden Markov model by expectation maximisation (Baum, Petrie, Soules, Weiss 1970; scaled as in Rabiner 1989). NaN
 * observations are missing. Deterministic: without `initial` it starts from quantiles of the values
 * and of their distance from the median, and carries on the likelier. States come out in order of
 * rising variance. Runs to its end on the calling thread.
 *
 * Throws INVALID_ARGUMENT naming the option at fault, or `observations` where fewer values than
 * states are there.
 */
export function fitHmm(observations: Float64Array, options: FitHmmOptions): HmmFit {
  const values = series('observations', observations);
  const native = packOptions(object('options', options));
  const fit = translated(() => loadNative().fitHmm(values, native));
  const { logLikelihood, iterations, converged } = fit;
  return { ...unpackParameters(fit.parameters), logLikelihood, iterations, converged };
}

/**
 * Probability of each state at each row given that row and those before it (Rabiner 1989): a value
 * never changes when later rows arrive. A NaN observation is missing; the state then moves on by the transition
 * matrix alone. Throws INVALID_ARGUMENT naming the parameter or the row at fault.
 */
export function filterHmm(observations: Float64Array, parameters: HmmParameters): HmmFiltered {
  const values = series('observations', observations);
  const native = packParameters('parameters', parameters);
  return translated(() => loadNative().filterHmm(values, native));
}

/**
 * The path of states that is likeliest as a whole, with all rows in view (Viterbi 1967): unlike
 * `filterHmm` it looks ahead. A NaN observation is missing. Of equally likely paths the lower states.
 */
export function viterbiHmm(observations: Float64Array, parameters: HmmParameters): HmmPath {
  const values = series('observations', observations);
  const native = packParameters('parameters', parameters);
  return translated(() => loadNative().viterbiHmm(values, native));
}

function packOptions(options: FitHmmOptions): NativeFitOptions {
  const { emission, degreesOfFreedom, initial, varianceFloor } = options;
  const degrees =
    emission === 'student-t' ? (degreesOfFreedom ?? DEFAULT_DEGREES_OF_FREEDOM) : degreesOfFreedom;
  return {
    ...degreesOf('', emission, degrees),
    states: count('states', options.states, 1, MAX_HMM_STATES),
    maxIterations: count('maxIterations', options.maxIterations, 1),
    tolerance: scalar('tolerance', options.tolerance),
    ...(initial === undefined ? {} : { initial: packParameters('initial', initial) }),
    ...(varianceFloor === undefined ? {} : { varianceFloor: scalar('varianceFloor', varianceFloor) }),
  };
}

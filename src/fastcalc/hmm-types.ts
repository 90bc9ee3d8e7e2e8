/** Family of the distributions of the observations, one per state. */
export type HmmEmission = 'gaussian' | 'student-t';

/** A hidden Markov model of K states over one real observation per row. */
export interface HmmParameters {
  /** K, 1 to 256. */
  readonly states: number;
  readonly emission: HmmEmission;
  /** Of Student's t, above 0, the same for all states; absent for 'gaussian'. */
  readonly degreesOfFreedom?: number;
  /** K probabilities of the state of the first row. */
  readonly initial: Float64Array;
  /** K × K probabilities, row-major: [i × K + j] goes from state i to state j. */
  readonly transition: Float64Array;
  /** K means. */
  readonly mean: Float64Array;
  /** K variances, above 0; for 'student-t' squared scales (times df / (df − 2) the variance). */
  readonly variance: Float64Array;
}

/** How to fit. */
export interface FitHmmOptions {
  /** K, 1 to 256. */
  readonly states: number;
  readonly emission: HmmEmission;
  /** Of Student's t; never fitted. Default 5. */
  readonly degreesOfFreedom?: number;
  /** Most iterations, at least 1. */
  readonly maxIterations: number;
  /**
   * Converged when an iteration raises the log likelihood per observation by less than this many
   * nats; 0 goes on until it does not rise any more.
   */
  readonly tolerance: number;
  /** Where to start, with the same states and emission. Default: searched from quantiles. */
  readonly initial?: HmmParameters;
  /** No variance falls below it. Default: a millionth of the variance of the observations. */
  readonly varianceFloor?: number;
}

/** A fitted model, its states in order of rising variance. */
export interface HmmFit extends HmmParameters {
  /** Natural logarithm of the likelihood of the observations. */
  readonly logLikelihood: number;
  /** Iterations that led to the model. */
  readonly iterations: number;
  /** Whether the tolerance was met before the iterations ran out. */
  readonly converged: boolean;
}

/** What a filter says about a whole series. */
export interface HmmFiltered {
  /** T × K probabilities, row-major: row t is the state given the observations up to t. */
  readonly posterior: Float64Array;
  /** Natural logarithm of the likelihood of the observations. */
  readonly logLikelihood: number;
}

/** The likeliest path of states. */
export interface HmmPath {
  /** State of each row, from 0. */
  readonly states: Float64Array;
  /** Natural logarithm of the joint probability of path and observations. */
  readonly logProbability: number;
}

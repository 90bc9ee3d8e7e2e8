/** A model as it crosses; no degrees of freedom means normal emissions. */
export interface NativeHmmParameters {
  degreesOfFreedom?: number;
  initial: Float64Array;
  transition: Float64Array;
  mean: Float64Array;
  variance: Float64Array;
}

/** Options of a fit as they cross. */
export interface NativeFitOptions {
  states: number;
  degreesOfFreedom?: number;
  maxIterations: number;
  tolerance: number;
  initial?: NativeHmmParameters;
  varianceFloor?: number;
}

/** A fitted model as it comes back. */
export interface NativeHmmFit {
  parameters: NativeHmmParameters;
  logLikelihood: number;
  iterations: number;
  converged: boolean;
}

/** The streaming filter of the addon. */
export interface NativeHmmFilter {
  update(observation: number): Float64Array;
  readonly posterior: Float64Array;
  readonly logLikelihood: number;
  readonly rows: number;
  parameters(): NativeHmmParameters;
  snapshot(): Uint8Array;
}

/** The class itself: constructor and factory. */
export interface NativeHmmFilterClass {
  new (parameters: NativeHmmParameters): NativeHmmFilter;
  restore(bytes: Uint8Array): NativeHmmFilter;
}

/**
 * The kernels' part of the addon. It borrows its inputs for the time of the call. Errors carry
 * `code`, field and message in their text, separated by U+001F.
 */
export interface NativeKernels {
  ewmaVolatility(close: Float64Array, halfLifeBars: number): Float64Array;
  atr(high: Float64Array, low: Float64Array, close: Float64Array, period: number): Float64Array;
  rsi(close: Float64Array, period: number): Float64Array;
  adx(high: Float64Array, low: Float64Array, close: Float64Array, period: number): Float64Array;
  directionalMovement(
    high: Float64Array,
    low: Float64Array,
    close: Float64Array,
    period: number,
  ): { adx: Float64Array; plusDi: Float64Array; minusDi: Float64Array };
  rollingZScore(values: Float64Array, period: number): Float64Array;
  rollingRank(values: Float64Array, period: number): Float64Array;
  linearRegressionSlope(values: Float64Array, period: number): Float64Array;
  queueImbalance(bidSize: Float64Array, askSize: Float64Array): Float64Array;
  microprice(
    bidPrice: Float64Array,
    bidSize: Float64Array,
    askPrice: Float64Array,
    askSize: Float64Array,
  ): Float64Array;
  orderFlowImbalance(
    bidPrice: Float64Array,
    bidSize: Float64Array,
    askPrice: Float64Array,
    askSize: Float64Array,
  ): Float64Array;
  bulkVolumeClassification(close: Float64Array, volume: Float64Array, volatilityPeriod: number): Float64Array;
  fitHmm(observations: Float64Array, options: NativeFitOptions): NativeHmmFit;
  filterHmm(
    observations: Float64Array,
    parameters: NativeHmmParameters,
  ): { posterior: Float64Array; logLikelihood: number };
  viterbiHmm(
    observations: Float64Array,
    parameters: NativeHmmParameters,
  ): { states: Float64Array; logProbability: number };
  readonly NativeHmmFilter: NativeHmmFilterClass;
}

/** Spreads as they come back. */
export interface NativeSpreads {
  effective: Float64Array;
  realised: Float64Array;
  impact: Float64Array;
}

/** A Hawkes process as it crosses; a fit adds the last two. */
export interface NativeHawkes {
  baseline: number;
  branching: number;
  decay: number;
  logLikelihood?: number;
  converged?: boolean;
}

/** The liquidity kernels of the addon. */
export interface NativeLiquidity {
  multiLevelOrderFlowImbalance(
    bidPrice: Float64Array,
    bidSize: Float64Array,
    askPrice: Float64Array,
    askSize: Float64Array,
    levels: number,
  ): Float64Array;
  tickRule(price: Float64Array): Float64Array;
  leeReady(price: Float64Array, bidPrice: Float64Array, askPrice: Float64Array): Float64Array;
  tradeSpreads(price: Float64Array, side: Float64Array, middle: Float64Array, horizon: number): NativeSpreads;
  kyleLambda(close: Float64Array, signedVolume: Float64Array, period: number): Float64Array;
  amihud(close: Float64Array, volume: Float64Array, period: number): Float64Array;
  rollSpread(close: Float64Array, period: number): Float64Array;
  corwinSchultz(high: Float64Array, low: Float64Array, close: Float64Array, period: number): Float64Array;
  abdiRanaldo(
    high: Float64Array,
    low: Float64Array,
    close: Float64Array,
    period: number,
    pairs: boolean,
  ): Float64Array;
  vpin(buyVolume: Float64Array, volume: Float64Array, bucketVolume: number, buckets: number): Float64Array;
  tradeIntensity(timesMs: Float64Array, halfLifeMs: number): Float64Array;
  fitHawkes(timesMs: Float64Array, startMs: number, endMs: number): NativeHawkes;
  hawkesIntensity(timesMs: Float64Array, parameters: NativeHawkes): Float64Array;
  hawkesLogLikelihood(
    timesMs: Float64Array,
    startMs: number,
    endMs: number,
    parameters: NativeHawkes,
  ): number;
}

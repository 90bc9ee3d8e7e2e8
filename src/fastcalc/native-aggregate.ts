/** What came of an aggregation, as it crosses. */
export interface NativeAggregation {
  readonly predictions: Float64Array;
  readonly weights: Float64Array;
}

/** A stream on which the decider is measured, as it crosses. */
export interface NativeStream {
  readonly zeroOne: boolean;
  readonly sigma: number;
  readonly studentT3: boolean;
  readonly decisions: number;
  readonly regimeLeast: number;
  readonly regimeMost: number;
  readonly herding: number;
  readonly newcomer: number;
  readonly delay: number;
  readonly bandit: boolean;
  readonly missing: number;
  readonly recurring: number;
  readonly blind: boolean;
}

/** Expected payoffs, one per decision, and where regimes start. */
export interface NativeBooks {
  readonly learner: Float64Array;
  readonly sized: Float64Array;
  readonly plurality: Float64Array;
  readonly best: Float64Array;
  readonly switches: Uint32Array;
}

/** The aggregation of forecasts, and the decider's measurement, of the addon. */
export interface NativeAggregateModule {
  aggregateForecasts(
    forecasts: Float64Array,
    target: Float64Array,
    experts: number,
    method: string,
  ): NativeAggregation;
  simulateDecider(stream: NativeStream, seed: number): NativeBooks;
}

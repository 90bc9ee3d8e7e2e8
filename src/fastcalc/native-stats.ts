/** Outcome of a unit-root test as it comes back. */
export interface NativeAdfTest {
  statistic: number;
  pValue: number;
  lags: number;
  rows: number;
  criticalValues: Float64Array;
}

/** Two series and what holds them together, as it comes back. */
export interface NativeCointegration {
  intercept: number;
  hedgeRatio: number;
  spread: Float64Array;
  test: NativeAdfTest;
  halfLifeRows: number;
}

/** Prior of the online change points as it crosses. */
export interface NativeChangePointPrior {
  meanRun: number;
  mean: number;
  meanWeight: number;
  shape: number;
  scale: number;
}

/** What was known after each row, as it comes back. */
export interface NativeOnlineChangePoints {
  runLength: Float64Array;
  changeProbability: Float64Array;
  changes: Float64Array;
  logLikelihood: number;
}

/** A fitted jump model as it comes back. */
export interface NativeJumpModel {
  centres: Float64Array;
  objective: number;
  states: Float64Array;
}

/** A Pareto tail as it crosses. */
export interface NativeParetoTail {
  threshold: number;
  scale: number;
  shape: number;
  share: number;
  logLikelihood: number;
}

/** The quantile sketch of the addon. */
export interface NativeQuantileSketch {
  add(values: Float64Array): void;
  merge(other: NativeQuantileSketch): void;
  quantile(p: number): number;
  readonly count: number;
}

/** A tail monitor, as the addon holds it. */
export interface NativeTailMonitor {
  update(value: number): boolean;
  readonly level: number;
  tail(): NativeParetoTail;
  snapshot(): Uint8Array;
}

/** The class itself: constructor and factory. */
export interface NativeTailMonitorClass {
  new (calibration: Float64Array, thresholdLevel: number, risk: number, mostPeaks: number): NativeTailMonitor;
  restore(bytes: Uint8Array): NativeTailMonitor;
}

/** The statistics kernels of the addon. */
export interface NativeStats {
  adfTest(values: Float64Array, trend: number, wished: number | undefined, search: boolean): NativeAdfTest;
  engleGranger(
    y: Float64Array,
    x: Float64Array,
    wished: number | undefined,
    search: boolean,
  ): NativeCointegration;
  fractionalWeights(order: number, threshold: number): Float64Array;
  fractionalDifference(values: Float64Array, order: number, threshold: number): Float64Array;
  cusum(
    values: Float64Array,
    target: number,
    slack: number,
    threshold: number,
  ): { upper: Float64Array; lower: Float64Array; alarm: Float64Array };
  pelt(values: Float64Array, varianceChanges: boolean, penalty: number, minimumSegment: number): Float64Array;
  onlineChangePoints(
    values: Float64Array,
    prior: NativeChangePointPrior,
    recent: number,
  ): NativeOnlineChangePoints;
  fitJumpModel(
    features: Float64Array,
    width: number,
    states: number,
    penalty: number,
    starts: number,
    seed: number,
  ): NativeJumpModel;
  jumpModelStates(
    features: Float64Array,
    width: number,
    centres: Float64Array,
    penalty: number,
    online: boolean,
  ): Float64Array;
  rollingMatrix(
    values: Float64Array,
    columns: number,
    period: number,
    correlation: boolean,
    ledoitWolf: boolean,
    shrinkage: number | undefined,
  ): Float64Array;
  fitTail(values: Float64Array, thresholdLevel: number): NativeParetoTail;
  tailQuantile(tail: NativeParetoTail, level: number): number;
  tailMeanBeyond(tail: NativeParetoTail, value: number): number;
  watchTail(
    values: Float64Array,
    calibrationRows: number,
    thresholdLevel: number,
    risk: number,
    mostPeaks: number,
  ): { level: Float64Array; alarm: Float64Array };
  readonly NativeTailMonitor: NativeTailMonitorClass;
  readonly NativeQuantileSketch: new (accuracy: number) => NativeQuantileSketch;
}

/** A sweep computed on another thread, of a copy of its series. */
export interface NativeSweepJob {
  start(): Promise<Float64Array>;
  cancel(): void;
}

/** The sweeps' part of the addon. */
export interface NativeSweepModule {
  readonly NativeSweepJob: new (
    indicator: string,
    series: Float64Array,
    periods: readonly number[],
  ) => NativeSweepJob;
  sweepOutputs(indicator: string, periods: readonly number[]): number;
  sweepInto(indicator: string, series: Float64Array, periods: readonly number[], out: Float64Array): void;
  simdLevel(): string;
  limitSimd(most: string): string;
}

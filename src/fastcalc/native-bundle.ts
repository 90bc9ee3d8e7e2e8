/** A column, or nothing where no indicator reads it. */
type Column = Float64Array | undefined;

/** Columns as they cross: time, open, high, low, close, volume and two series of any kind. */
export type NativeColumns = [
  timeMs: Column,
  open: Column,
  high: Column,
  low: Column,
  close: Column,
  volume: Column,
  real0: Column,
  real1: Column,
];

/** Indicators with their state, as the addon holds them. */
export interface NativeBundle {
  columns(): { heading: string; lookback: number }[];
  inputs(): string[];
  /**
   * @param afresh from before the first row, not from where the last call ended
   * @param spare values of `out` beyond the results. Where there are any, nobody has used its memory lately, and
   * results begin where a line of the cache does.
   * @returns where in `out` the results begin
   */
  run(afresh: boolean, spare: number, out: Float64Array, ...columns: NativeColumns): number;
  /** Keeps arrays for `again`, which must not be called once one of them is detached. */
  bind(out: Float64Array, ...columns: NativeColumns): void;
  again(): void;
  snapshot(): Uint8Array;
}

/** The class itself: constructor and factory. */
export interface NativeBundleClass {
  new (spec: string): NativeBundle;
  restore(bytes: Uint8Array): NativeBundle;
}

/** A bundle computed on another thread, from copies of its columns. */
export interface NativeBundleJob {
  start(): Promise<Float64Array>;
  cancel(): void;
}

/** An indicator of the catalogue, as the addon describes it. */
export interface NativeIndicator {
  name: string;
  group: string;
  about: string;
  inputs: string[];
  parameters: {
    name: string;
    default: number;
    least: number;
    most: number;
    whole: boolean;
    choices: string[];
  }[];
  outputs: string[];
  lookback: number;
  gap: string;
  least?: number;
  most?: number;
}

/** The catalogue's part of the addon. */
export interface NativeBundleModule {
  readonly NativeBundle: NativeBundleClass;
  readonly NativeBundleJob: new (spec: string, ...columns: NativeColumns) => NativeBundleJob;
  listIndicators(): NativeIndicator[];
}

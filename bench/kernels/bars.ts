import { SeededRng } from '#conclave/runtime/index.js';

/** Columns of candles, in the order of TA-Lib. */
export interface Bars {
  readonly open: Float64Array;
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
  readonly volume: Float64Array;
}

/** A random walk: every bar is new, so that no branch predictor learns the series. */
export function freshBars(rows: number, seed = 42): Bars {
  const rng = new SeededRng(seed);
  const column = (): Float64Array => new Float64Array(rows);
  const bars = { open: column(), high: column(), low: column(), close: column(), volume: column() };
  let close = 100;
  for (let row = 0; row < rows; row++) {
    const open = close;
    close = Math.max(1, close * (1 + 0.002 * (rng.uniform() - 0.5)));
    bars.open[row] = open;
    bars.high[row] = Math.max(open, close) * (1 + 0.001 * rng.uniform());
    bars.low[row] = Math.min(open, close) * (1 - 0.001 * rng.uniform());
    bars.close[row] = close;
    bars.volume[row] = Math.floor(rng.uniform() * 1e6);
  }
  return bars;
}

/** As TA-Lib takes them. */
export function listed({ open, high, low, close, volume }: Bars): readonly Float64Array[] {
  return [open, high, low, close, volume];
}

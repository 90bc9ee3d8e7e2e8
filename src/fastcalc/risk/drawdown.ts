import { object, scalar, series } from '../arguments.js';
import { loadNative } from '../native.js';
import { translated } from '../native-errors.js';

/** The deepest drawdown and the longest. */
export interface MaximumDrawdown {
  /** Greatest loss from a peak as a fraction of it, 0 to 1. */
  readonly depth: number;
  /** Row of the peak before it; absent where the curve never falls. */
  readonly peakRow?: number;
  readonly troughRow?: number;
  /** Row where the peak is reached again; absent where it is not. */
  readonly recoveryRow?: number;
  /** Most rows from a peak until it is reached again, or to the end. */
  readonly longestRows: number;
}

/** Equity after each return, from `start` (default 1) on: one row more than returns. */
export function equityCurve(returns: Float64Array, options: { readonly start?: number } = {}): Float64Array {
  const values = series('returns', returns);
  const start = scalar('start', object('options', options).start ?? 1);
  return translated(() => loadNative().equityCurve(values, start));
}

/** 1 − equity / highest equity so far, 0 to 1; NaN where the equity is missing or was never above 0. */
export function drawdowns(equity: Float64Array): Float64Array {
  const values = series('equity', equity);
  return translated(() => loadNative().drawdowns(values));
}

/** The deepest and the longest drawdown of an equity curve; missing rows are passed over. */
export function maximumDrawdown(equity: Float64Array): MaximumDrawdown {
  const values = series('equity', equity);
  const { depth, peakRow, troughRow, recoveryRow, longestRows } = translated(() =>
    loadNative().maximumDrawdown(values),
  );
  return {
    depth,
    ...(typeof peakRow === 'number' ? { peakRow } : {}),
    ...(typeof troughRow === 'number' ? { troughRow } : {}),
    ...(typeof recoveryRow === 'number' ? { recoveryRow } : {}),
    longestRows,
  };
}

import { invalidArgument } from '../runtime/index.js';
import { CANDLE_COLUMNS, type Candle, type CandleSeries } from './types.js';

/** Number of candles. */
export function candleCount(series: CandleSeries): number {
  return series.timeMs.length;
}

/** The candle at `index`, counted from the oldest. */
export function candleAt(series: CandleSeries, index: number): Candle {
  const count = candleCount(series);
  if (!Number.isSafeInteger(index) || index < 0 || index >= count)
    throw invalidArgument('index', index, `an integer from 0 to ${count - 1}`);
  const at = (column: Float64Array): number => column[index] ?? Number.NaN;
  return {
    timeMs: at(series.timeMs),
    open: at(series.open),
    high: at(series.high),
    low: at(series.low),
    close: at(series.close),
    volume: at(series.volume),
  };
}

/** Candles `from` (inclusive) to `to` (exclusive) as views: no column is copied. */
export function windowOf(series: CandleSeries, from: number, to: number): CandleSeries {
  const count = candleCount(series);
  if (!Number.isSafeInteger(from) || from < 0 || from > count)
    throw invalidArgument('from', from, `an integer from 0 to ${count}`);
  if (!Number.isSafeInteger(to) || to < from || to > count)
    throw invalidArgument('to', to, `an integer from ${from} to ${count}`);
  const { symbol, timeframe } = series;
  const [timeMs, open, high, low, close, volume] = CANDLE_COLUMNS.map((name) =>
    series[name].subarray(from, to),
  ) as [Float64Array, Float64Array, Float64Array, Float64Array, Float64Array, Float64Array];
  return { symbol, timeframe, timeMs, open, high, low, close, volume };
}

/** Candles as columns. They must be in order; see `CandleSeries`. */
export function seriesOf(symbol: string, timeframe: string, candles: readonly Candle[]): CandleSeries {
  const column = (pick: (candle: Candle) => number): Float64Array => Float64Array.from(candles, pick);
  return {
    symbol,
    timeframe,
    timeMs: column((candle) => candle.timeMs),
    open: column((candle) => candle.open),
    high: column((candle) => candle.high),
    low: column((candle) => candle.low),
    close: column((candle) => candle.close),
    volume: column((candle) => candle.volume),
  };
}

import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { readCandleFile } from './candle-file/read-candle-file.js';
import type { CandleSeries } from './types.js';

/** Path of the S&P 500's daily candles in the package vega-datasets. */
export function defaultCandleFile(): string {
  // The package exports only its entry in build/; the data lies beside that folder.
  const entry = createRequire(import.meta.url).resolve('vega-datasets');
  return join(dirname(entry), '..', 'data', 'sp500-2000.csv');
}

/** The S&P 500's daily candles, 2000 to 2020 (5,105 rows): real data that is there on every machine. */
export function defaultCandles(): Promise<CandleSeries> {
  return readCandleFile(defaultCandleFile(), { symbol: 'SPX', timeframe: '1d' });
}

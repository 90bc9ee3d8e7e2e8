export {
  type ReadCandleFileOptions,
  type ReadProgress,
  readCandleFile,
} from './candle-file/read-candle-file.js';
export { candleAt, candleCount, seriesOf, windowOf } from './candle-series.js';
export { defaultCandleFile, defaultCandles } from './default-candles.js';
export { ANOMALY_KINDS, type AnomalyKind, type PlantedAnomaly } from './simulator/anomalies.js';
export {
  type BarTruth,
  MarketSimulator,
  type SimulatedBar,
  type SimulatedRun,
} from './simulator/market-simulator.js';
export type { MarketSimulatorOptions, SimulatorSettings } from './simulator/options.js';
export { DEFAULT_REGIMES, type SimulatedRegime } from './simulator/regimes.js';
export { SYMBOL_PATTERN } from './symbol.js';
export { isTimeframe, timeframeMs, timeframeOf } from './timeframe.js';
export {
  type BookSnapshot,
  CANDLE_COLUMNS,
  type Candle,
  type CandleColumn,
  type CandleSeries,
  type TradeTape,
} from './types.js';

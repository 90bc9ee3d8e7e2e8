/** Candles as columns of one length, oldest first. Prices in quote currency, volume in base units. */
export interface CandleSeries {
  readonly symbol: string;
  /** Length of a bar: `5m`, `1h`, `1d` … */
  readonly timeframe: string;
  /** OPEN times, Unix milliseconds UTC, strictly increasing. */
  readonly timeMs: Float64Array;
  readonly open: Float64Array;
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
  readonly volume: Float64Array;
}

/** One candle. */
export interface Candle {
  /** OPEN time, Unix milliseconds UTC. */
  readonly timeMs: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  /** Base units. */
  readonly volume: number;
}

/** An order book at one moment, best level first on both sides. */
export interface BookSnapshot {
  /** Unix milliseconds UTC. */
  readonly timeMs: number;
  /** Falling. */
  readonly bidPrice: Float64Array;
  /** Base units. */
  readonly bidSize: Float64Array;
  /** Rising. */
  readonly askPrice: Float64Array;
  readonly askSize: Float64Array;
}

/** Trades as columns of one length, oldest first. */
export interface TradeTape {
  /** Unix milliseconds UTC, never falling. */
  readonly timeMs: Float64Array;
  readonly price: Float64Array;
  /** Base units. */
  readonly size: Float64Array;
  /** 1 when the buyer was the taker, -1 when the seller was. */
  readonly side: Float64Array;
}

/** The names of the columns of candles, in their usual order. */
export const CANDLE_COLUMNS = ['timeMs', 'open', 'high', 'low', 'close', 'volume'] as const;
export type CandleColumn = (typeof CANDLE_COLUMNS)[number];

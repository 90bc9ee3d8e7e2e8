import { bulkVolumeClassification } from '../../../fastcalc/index.js';
import type { Book, Candles, Trades } from '../../dto/index.js';

/** Levels beyond the fifth are mostly orders that will never trade. */
const BOOK_LEVELS = 5;
/** Bars over which candle volume is split into bought and sold. */
export const CANDLE_WINDOW_BARS = 12;
/** Bars for the volatility that the split needs. */
export const VOLATILITY_PERIOD_BARS = 48;

/** (bids - asks) / (bids + asks) over the best levels, level n weighted 1/n; 0 for an empty book. In [-1, 1]. */
export function bookImbalance(book: Book): number {
  let bids = 0;
  let asks = 0;
  for (let level = 0; level < BOOK_LEVELS; level++) {
    const weight = 1 / (level + 1);
    bids += weight * (book.bidSize[level] ?? 0);
    asks += weight * (book.askSize[level] ?? 0);
  }
  const total = bids + asks;
  return total > 0 ? (bids - asks) / total : 0;
}

/** Where the microprice lies between the best quotes: -1 at the bid, 0 at the mid, 1 at the ask (Stoikov 2018). */
export function micropriceLean(book: Book): number {
  const bid = book.bidSize[0] as number;
  const ask = book.askSize[0] as number;
  const total = bid + ask;
  return total > 0 ? (bid - ask) / total : 0;
}

/** (bought - sold) / (bought + sold) by takers; 0 without trades. In [-1, 1]. */
export function tradeImbalance(trades: Trades): number {
  let signed = 0;
  let total = 0;
  for (let row = 0; row < trades.size.length; row++) {
    const size = trades.size[row] as number;
    signed += (trades.side[row] as number) * size;
    total += size;
  }
  return total > 0 ? signed / total : 0;
}

/**
 * The same from candles alone: bulk volume classification (Easley, López de Prado, O'Hara 2012) over the last
 * bars. Undefined where the candles are too few or nothing was traded.
 */
export function candleImbalance(candles: Candles): number | undefined {
  const rows = candles.close.length;
  if (rows < VOLATILITY_PERIOD_BARS + CANDLE_WINDOW_BARS) return undefined;
  const from = rows - (VOLATILITY_PERIOD_BARS + CANDLE_WINDOW_BARS + 1);
  const start = Math.max(0, from);
  const bought = bulkVolumeClassification(candles.close.subarray(start), candles.volume.subarray(start), {
    volatilityPeriod: VOLATILITY_PERIOD_BARS,
  });
  let signed = 0;
  let total = 0;
  for (let row = bought.length - CANDLE_WINDOW_BARS; row < bought.length; row++) {
    const buy = bought[row] as number;
    const volume = candles.volume[start + row] as number;
    if (Number.isNaN(buy)) continue;
    signed += 2 * buy - volume;
    total += volume;
  }
  return total > 0 ? signed / total : undefined;
}

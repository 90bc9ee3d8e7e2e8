import { isTimeframe, timeframeMs } from '../../market-data/index.js';
import type { MarketQuestion } from './market-question.js';

/** Length of the question's bars: its timeframe, or the last spacing of its candles where that is not understood. */
export function barMs(question: Pick<MarketQuestion, 'timeframe' | 'candles'>): number {
  if (isTimeframe(question.timeframe)) return timeframeMs(question.timeframe);
  const { timeMs } = question.candles;
  const rows = timeMs.length;
  return rows > 1 ? (timeMs[rows - 1] as number) - (timeMs[rows - 2] as number) : 0;
}

/**
 * The moment a question is about, from its rows alone: close of the last candle, or the book's or the last
 * trade's time where that is later. Never the wall clock, so that a replay gives the same answer.
 */
export function asOfMs(question: Pick<MarketQuestion, 'timeframe' | 'candles' | 'book' | 'trades'>): number {
  const { timeMs } = question.candles;
  let latest = (timeMs[timeMs.length - 1] as number) + barMs(question);
  if (question.book) latest = Math.max(latest, question.book.timeMs);
  const trades = question.trades?.timeMs;
  if (trades && trades.length > 0) latest = Math.max(latest, trades[trades.length - 1] as number);
  return Math.trunc(latest);
}

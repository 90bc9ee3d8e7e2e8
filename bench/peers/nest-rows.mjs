import { Type } from 'class-transformer';
import { IsArray, IsIn, IsInt, IsNumber, IsPositive, Max, Min, ValidateNested } from 'class-validator';
import { dto, nest, nested, symbol, text, time } from './nest.mjs';

const positive = () => [IsNumber(), IsPositive()];
const nonNegative = () => [IsNumber(), Min(0)];
const rows = (type) => [IsArray(), ValidateNested({ each: true }), Type(() => type)];

const Candle = dto({
  timeMs: time(),
  open: positive(),
  high: positive(),
  low: positive(),
  close: positive(),
  volume: nonNegative(),
});
const Level = dto({ price: positive(), size: nonNegative() });
const Trade = dto({ timeMs: time(), price: positive(), size: positive(), side: [IsIn([1, -1])] });
const Question = dto({
  symbol: symbol(),
  timeframe: text(16),
  candles: rows(Candle),
  book: nested(dto({ timeMs: time(), bids: rows(Level), asks: rows(Level) })),
  trades: rows(Trade),
  horizonBars: [IsInt(), Min(1), Max(1_000_000)],
});

/** The columns of a series as a list of objects. */
function rowsOf(columns) {
  const names = Object.keys(columns);
  return columns[names[0]].map((_, row) =>
    Object.fromEntries(names.map((name) => [name, columns[name][row]])),
  );
}

/** Series as lists of objects, each validated as one: how DTOs of NestJS are usually written. */
export const contestant = nest(Question, ({ candles, book, trades, ...rest }) => ({
  ...rest,
  candles: rowsOf(candles),
  book: {
    timeMs: book.timeMs,
    bids: rowsOf({ price: book.bidPrice, size: book.bidSize }),
    asks: rowsOf({ price: book.askPrice, size: book.askSize }),
  },
  trades: rowsOf(trades),
}));

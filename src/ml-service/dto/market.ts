import { Check, type CheckProblem, IsColumn, IsUnixMs, SameLengthAs } from '../../service-framework/index.js';

/** Longest candle window a request may carry: far above any warm-up, well below the message limit. */
export const MAX_CANDLES = 100_000;
export const MAX_TRADES = 200_000;
export const MAX_BOOK_LEVELS = 50;

/** Beyond it a price or size is a fault of the sender, and squares of it would overflow. */
const MAX_AMOUNT = 1e15;
/** Coins of the smallest price change hands by the hundred billions a day. */
const MAX_VOLUME = 1e18;
const PRICE = { maxLength: MAX_CANDLES, positive: true, max: MAX_AMOUNT } as const;
const LEVELS = { minLength: 1, maxLength: MAX_BOOK_LEVELS, max: MAX_AMOUNT } as const;

function candlesProblem({ open, high, low, close }: Candles): CheckProblem | undefined {
  for (let row = 0; row < open.length; row++) {
    const top = high[row] as number;
    const bottom = low[row] as number;
    const first = open[row] as number;
    const last = close[row] as number;
    if (bottom > first || bottom > last) {
      return { field: `low[${row}]`, problem: `${bottom}; must not be above open ${first} or close ${last}` };
    }
    if (top < first || top < last) {
      return { field: `high[${row}]`, problem: `${top}; must not be below open ${first} or close ${last}` };
    }
  }
  return undefined;
}

/** Columns of one length, oldest first; `timeMs` is the open time; prices in quote currency, volume in base units. */
@Check(candlesProblem)
export class Candles {
  @IsColumn({ minLength: 1, maxLength: MAX_CANDLES, strictlyIncreasing: true, nonNegative: true })
  timeMs!: Float64Array;

  @IsColumn(PRICE)
  @SameLengthAs('timeMs')
  open!: Float64Array;

  @IsColumn(PRICE)
  @SameLengthAs('timeMs')
  high!: Float64Array;

  @IsColumn(PRICE)
  @SameLengthAs('timeMs')
  low!: Float64Array;

  @IsColumn(PRICE)
  @SameLengthAs('timeMs')
  close!: Float64Array;

  @IsColumn({ maxLength: MAX_CANDLES, nonNegative: true, max: MAX_VOLUME })
  @SameLengthAs('timeMs')
  volume!: Float64Array;
}

/** A snapshot of the order book, best level first. A crossed one is accepted: it is what the anomaly expert looks for. */
export class Book {
  @IsUnixMs()
  timeMs!: number;

  @IsColumn({ ...LEVELS, positive: true, strictlyDecreasing: true })
  bidPrice!: Float64Array;

  @IsColumn({ ...LEVELS, nonNegative: true })
  @SameLengthAs('bidPrice')
  bidSize!: Float64Array;

  @IsColumn({ ...LEVELS, positive: true, strictlyIncreasing: true })
  askPrice!: Float64Array;

  @IsColumn({ ...LEVELS, nonNegative: true })
  @SameLengthAs('askPrice')
  askSize!: Float64Array;
}

/** Public trades, oldest first; `side` 1 = the buyer was the taker, -1 = the seller was. */
export class Trades {
  @IsColumn({ maxLength: MAX_TRADES, nonNegative: true, nonDecreasing: true })
  timeMs!: Float64Array;

  @IsColumn({ maxLength: MAX_TRADES, positive: true, max: MAX_AMOUNT })
  @SameLengthAs('timeMs')
  price!: Float64Array;

  @IsColumn({ maxLength: MAX_TRADES, positive: true, max: MAX_AMOUNT })
  @SameLengthAs('timeMs')
  size!: Float64Array;

  @IsColumn({ maxLength: MAX_TRADES, oneOf: [1, -1] })
  @SameLengthAs('timeMs')
  side!: Float64Array;
}

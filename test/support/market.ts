import { asOfMs, Candles, MarketQuestion, Vote } from '#conclave/ml-service/index.js';
import { type Rng, SeededRng } from '#conclave/runtime/index.js';

export const MINUTE_MS = 60_000;
export const START_MS = 1_700_000_000_000;

export interface CandleOptions {
  readonly bars?: number;
  readonly seed?: number;
  /** Drift of a bar, basis points. */
  readonly driftBps?: number;
  /** Standard deviation of a bar's return, basis points. */
  readonly sigmaBps?: number;
}

/** A random walk of one-minute candles. */
export function candlesOf(options: CandleOptions = {}): Candles {
  const { bars = 256, seed = 7, driftBps = 0, sigmaBps = 10 } = options;
  const rng: Rng = new SeededRng(seed);
  const column = (): Float64Array => new Float64Array(bars);
  const candles = Object.assign(new Candles(), {
    timeMs: column(),
    open: column(),
    high: column(),
    low: column(),
    close: column(),
    volume: column(),
  });
  let price = 100;
  for (let bar = 0; bar < bars; bar++) {
    const open = price;
    price *= 1 + (driftBps + sigmaBps * rng.normal()) / 1e4;
    const wick = (Math.abs(rng.normal()) * sigmaBps * price) / 2e4;
    candles.timeMs[bar] = START_MS + bar * MINUTE_MS;
    candles.open[bar] = open;
    candles.close[bar] = price;
    candles.high[bar] = Math.max(open, price) + wick;
    candles.low[bar] = Math.min(open, price) - wick;
    candles.volume[bar] = 1_000 * (0.5 + rng.uniform());
  }
  return candles;
}

/** The first `bars` rows. */
export function firstRows(candles: Candles, bars: number): Candles {
  const { timeMs, open, high, low, close, volume } = candles;
  const cut = (column: Float64Array): Float64Array => column.slice(0, bars);
  return Object.assign(new Candles(), {
    timeMs: cut(timeMs),
    open: cut(open),
    high: cut(high),
    low: cut(low),
    close: cut(close),
    volume: cut(volume),
  });
}

export function questionOf(options: CandleOptions = {}, more: Partial<MarketQuestion> = {}): MarketQuestion {
  return Object.assign(new MarketQuestion(), {
    symbol: 'ETH/USD',
    timeframe: '1m',
    candles: candlesOf(options),
    ...more,
  });
}

export type Lean = 'buy' | 'hold' | 'sell';

/** A well-formed vote for an action. */
export function voteOf(expert: string, action: Lean, more: Partial<Vote> = {}): Vote {
  const probabilities = { buy: 0.2, hold: 0.2, sell: 0.2, [action]: 0.6 };
  return Object.assign(new Vote(), {
    expert,
    version: '1.0.0',
    symbol: 'ETH/USD',
    asOfMs: asOfMs(questionOf({ bars: 2 })),
    probabilities,
    confidence: 0.5,
    label: action,
    evidence: {},
    validForMs: MINUTE_MS,
    ...more,
  });
}

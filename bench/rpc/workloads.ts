/** What one workload sends and is answered. */
export interface Workload {
  readonly request: Readonly<Record<string, unknown>>;
  readonly reply: Readonly<Record<string, unknown>>;
}

export interface Workloads {
  readonly command: Workload;
  readonly decide: Workload;
}

export type WorkloadName = keyof Workloads;

type Series = Float64Array | number[];

const CANDLES = 256;
const LEVELS = 20;
const TRADES = 200;
const START_MS = 1_700_000_000_000;

/** @param columns series as `Float64Array`, else as arrays of numbers, for encodings that know no other */
export function workloads(columns: boolean): Workloads {
  const series = (length: number, at: (index: number) => number): Series => {
    const values = Float64Array.from({ length }, (_, index) => at(index));
    return columns ? values : [...values];
  };
  // Full mantissas, as prices computed from ticks have; they cost a text encoding most.
  const price = (i: number): number => 60_000 * Math.exp(Math.sin(i * 1.7) / 100);
  const size = (i: number): number => 1 + Math.abs(Math.sin(i * 0.9)) * 7;
  return {
    command: {
      request: {
        expert: 'order_flow@1',
        version: '1.4.2',
        symbol: 'BTC/USDT',
        asOfMs: START_MS + 123_456,
        probabilities: { buy: 0.51, hold: 0.29, sell: 0.2 },
        confidence: 0.735,
        label: 'imbalance_up',
        validForMs: 60_000,
      },
      reply: { accepted: true, sequence: 123_456 },
    },
    decide: {
      request: {
        symbol: 'BTC/USDT',
        timeframe: '5m',
        candles: {
          timeMs: series(CANDLES, (i) => START_MS + i * 300_000),
          open: series(CANDLES, price),
          high: series(CANDLES, (i) => price(i) * 1.001),
          low: series(CANDLES, (i) => price(i) * 0.999),
          close: series(CANDLES, (i) => price(i + 1)),
          volume: series(CANDLES, size),
        },
        book: {
          timeMs: START_MS,
          bidPrice: series(LEVELS, (i) => 60_000 - i / 7),
          bidSize: series(LEVELS, size),
          askPrice: series(LEVELS, (i) => 60_001 + i / 7),
          askSize: series(LEVELS, size),
        },
        trades: {
          timeMs: series(TRADES, (i) => START_MS + i * 7),
          price: series(TRADES, price),
          size: series(TRADES, size),
          side: series(TRADES, (i) => (i % 2 === 0 ? 1 : -1)),
        },
        horizonBars: 1,
      },
      reply: { action: 'hold', size: 0.25, scores: { buy: 1.25, hold: 0, sell: -2.5 } },
    },
  };
}

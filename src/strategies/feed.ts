import type { RequestOf } from '../clients/index.js';
import { type CandleSeries, type SimulatedBar, type SimulatedRun, windowOf } from '../market-data/index.js';

type Question = RequestOf<'voting.predict'>;

/** The market, bar by bar, as far as a strategy may see it. */
export interface Feed {
  readonly symbol: string;
  readonly timeframe: string;
  readonly bars: number;
  /** What is known at the close of a bar: a window of candles that ends with it, and its book and trades if any. */
  market(bar: number, windowBars: number): Pick<Question, 'candles' | 'book' | 'trades'>;
  /** First price of a bar, quote currency. */
  open(bar: number): number;
  /** Unix ms. */
  openTimeMs(bar: number): number;
  close(bar: number): number;
}

/** Recorded candles. */
export class CandleFeed implements Feed {
  readonly #series: CandleSeries;

  constructor(series: CandleSeries) {
    this.#series = series;
  }

  get symbol(): string {
    return this.#series.symbol;
  }

  get timeframe(): string {
    return this.#series.timeframe;
  }

  get bars(): number {
    return this.#series.timeMs.length;
  }

  market(bar: number, windowBars: number): Pick<Question, 'candles'> {
    const { timeMs, open, high, low, close, volume } = windowOf(
      this.#series,
      Math.max(0, bar + 1 - windowBars),
      bar + 1,
    );
    return { candles: { timeMs, open, high, low, close, volume } };
  }

  open(bar: number): number {
    return this.#series.open[bar] as number;
  }

  openTimeMs(bar: number): number {
    return this.#series.timeMs[bar] as number;
  }

  close(bar: number): number {
    return this.#series.close[bar] as number;
  }
}

/** Simulated bars with order book and trades. */
export class SimulatedFeed implements Feed {
  readonly #candles: CandleFeed;
  readonly #bars: readonly SimulatedBar[];

  constructor(run: SimulatedRun) {
    this.#bars = run.bars;
    this.#candles = new CandleFeed(run.candles);
  }

  get symbol(): string {
    return this.#candles.symbol;
  }

  get timeframe(): string {
    return this.#candles.timeframe;
  }

  get bars(): number {
    return this.#bars.length;
  }

  market(bar: number, windowBars: number): Pick<Question, 'candles' | 'book' | 'trades'> {
    const simulated = this.#bars[bar];
    if (!simulated) return this.#candles.market(bar, windowBars);
    return { ...this.#candles.market(bar, windowBars), book: simulated.book, trades: simulated.trades };
  }

  open(bar: number): number {
    return this.#candles.open(bar);
  }

  openTimeMs(bar: number): number {
    return this.#candles.openTimeMs(bar);
  }

  close(bar: number): number {
    return this.#candles.close(bar);
  }
}

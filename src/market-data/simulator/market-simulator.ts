import { invalidArgument, type Rng, SeededRng } from '../../runtime/index.js';
import { seriesOf } from '../candle-series.js';
import { timeframeOf } from '../timeframe.js';
import type { BookSnapshot, Candle, CandleSeries, TradeTape } from '../types.js';
import { type AnomalyEffect, drawAnomaly, effectOf, ORDINARY, type PlantedAnomaly } from './anomalies.js';
import { makeBook } from './book.js';
import { checkOptions, flowLoading, type MarketSimulatorOptions, type SimulatorSettings } from './options.js';
import { RegimeChain, type SimulatedRegime } from './regimes.js';
import { candleOf, makeTape } from './tape.js';

/** What only a simulation knows about a bar. */
export interface BarTruth {
  /** Name of the regime. */
  readonly regime: string;
  /** The regime's expected log return of a bar. */
  readonly driftBps: number;
  /** The regime's standard deviation of the log return of a bar. */
  readonly volatilityBps: number;
  /**
   * Expected log return of the NEXT bar, given everything known to the simulation at the end of this one
   * (its regime, flow and book), anomalies aside: no forecast can do better on average.
   */
  readonly nextExpectedBps: number;
  readonly anomaly?: PlantedAnomaly;
}

/** One bar as a strategy would see it at its close, and the truth behind it. */
export interface SimulatedBar {
  readonly candle: Candle;
  /** At the end of the bar. */
  readonly book: BookSnapshot;
  /** Of this bar; its first, highest, lowest and last price are those of the candle. */
  readonly trades: TradeTape;
  readonly truth: BarTruth;
}

/** Several bars, their candles as columns besides. */
export interface SimulatedRun {
  readonly candles: CandleSeries;
  readonly bars: readonly SimulatedBar[];
}

const BPS = 1e-4;
/** However many multiples meet, the deepest of 50 levels keeps a price. */
const WIDEST_SPREAD_BPS = 1000;
/** The price is kept within a factor of e^20 (5e8) of the start: positive and finite for ever. */
const FARTHEST_LOG = 20;
/** Deviation of the logarithm of the number of trades. */
const ACTIVITY_DEVIATION = 0.3;
const NO_TRADES: TradeTape = {
  timeMs: new Float64Array(0),
  price: new Float64Array(0),
  size: new Float64Array(0),
  side: new Float64Array(0),
};

/**
 * A market with known truth: regimes that follow one another as a Markov chain, trades and book that say
 * a little about the next bar, and planted anomalies.
 *
 * The log return of a bar is drift + volatility · z with z standard normal; of z a documented part comes
 * from the taker pressure and from the book's imbalance of the bar before (`flowPredictive`,
 * `bookPredictive`), the rest is new. Each part of the market draws from its own stream of randomness:
 * the anomaly rate, say, leaves ordinary bars as they are.
 */
export class MarketSimulator {
  readonly settings: SimulatorSettings;
  readonly #regimes: RegimeChain;
  readonly #returns: Rng;
  readonly #flow: Rng;
  readonly #tape: Rng;
  readonly #book: Rng;
  readonly #anomalies: Rng;
  readonly #startLog: number;
  #bars = 0;
  #midLog: number;
  /** The foreseeable part of the next bar's z. */
  #foreseen = 0;
  #last: SimulatedBar | undefined;

  /** @throws ServiceError INVALID_ARGUMENT naming the option at fault */
  constructor(options: MarketSimulatorOptions) {
    this.settings = checkOptions(options);
    const root = new SeededRng(this.settings.seed);
    this.#regimes = new RegimeChain(this.settings.regimes, root.fork('regimes'));
    this.#returns = root.fork('returns');
    this.#flow = root.fork('flow');
    this.#tape = root.fork('tape');
    this.#book = root.fork('book');
    this.#anomalies = root.fork('anomalies');
    this.#startLog = Math.log(this.settings.startPrice);
    this.#midLog = this.#startLog;
  }

  /** Simulates the next bar. */
  next(): SimulatedBar {
    const { settings } = this;
    const regime = this.#regimes.current;
    const { anomaly, effect } = this.#drawAnomaly();
    const timeMs = settings.startMs + this.#bars * settings.barMs;
    const volatility = regime.volatilityBps * BPS;

    // z of this bar: what was foreseeable, and news that keep its variance at 1.
    const loading = flowLoading(settings);
    const news = Math.sqrt(1 - loading ** 2 - settings.bookPredictive ** 2);
    const z = this.#bars === 0 ? this.#returns.normal() : this.#foreseen + news * this.#returns.normal();
    const openLog = this.#midLog + effect.jumpDeviations * volatility;
    const closeLog = this.#confine(openLog + regime.driftBps * BPS + volatility * z);

    const flow = this.#flow.normal();
    const imbalance = this.#flow.normal();
    const present = settings.flowContemporaneous;
    const pressure = Math.sqrt(present) * z + Math.sqrt(1 - present) * flow;
    const spreadBps = settings.spreadBps * (regime.spreadMultiple ?? 1) * effect.spreadMultiple;
    const halfSpread = (Math.min(spreadBps, WIDEST_SPREAD_BPS) * BPS) / 2;

    const trades = makeTape(
      {
        timeMs,
        barMs: settings.barMs,
        openLog,
        closeLog,
        volatility,
        dive: effect.diveDeviations * volatility,
        halfSpread,
        pressure,
        trades: this.#tradeCount(regime),
        tradeSize: settings.tradeSize * effect.sizeMultiple,
      },
      this.#tape,
    );
    const book = makeBook(
      {
        timeMs: timeMs + settings.barMs,
        midLog: closeLog,
        halfSpread,
        levels: settings.levels,
        depth: settings.depth * effect.depthMultiple,
        imbalance,
      },
      this.#book,
    );

    this.#bars++;
    this.#midLog = closeLog;
    this.#foreseen = loading * flow + settings.bookPredictive * imbalance;
    this.#regimes.advance();
    const truth: BarTruth = {
      regime: regime.name,
      driftBps: regime.driftBps,
      volatilityBps: regime.volatilityBps,
      nextExpectedBps: this.#regimes.current.driftBps + this.#regimes.current.volatilityBps * this.#foreseen,
      ...(anomaly === undefined ? {} : { anomaly }),
    };
    const seen = effect.stale && this.#last ? frozen(this.#last, timeMs) : undefined;
    this.#last = { ...(seen ?? { candle: candleOf(timeMs, trades), book, trades }), truth };
    return this.#last;
  }

  /**
   * Simulates the next `bars` bars.
   *
   * @throws ServiceError INVALID_ARGUMENT unless it is an integer of at least 1
   */
  run(bars: number): SimulatedRun {
    if (!Number.isSafeInteger(bars) || bars < 1)
      throw invalidArgument('bars', bars, 'an integer of at least 1');
    const all: SimulatedBar[] = [];
    for (let i = 0; i < bars; i++) all.push(this.next());
    const { symbol, barMs } = this.settings;
    return {
      candles: seriesOf(
        symbol,
        timeframeOf(barMs),
        all.map(({ candle }) => candle),
      ),
      bars: all,
    };
  }

  #drawAnomaly(): { readonly anomaly: PlantedAnomaly | undefined; readonly effect: AnomalyEffect } {
    const { anomalyRate, anomalyKinds } = this.settings;
    const drawn = drawAnomaly(this.#anomalies, anomalyRate, anomalyKinds);
    // The first bar has none before it to be stale or to gap from.
    if (drawn === undefined || this.#bars === 0) return { anomaly: undefined, effect: ORDINARY };
    return { anomaly: drawn, effect: effectOf(drawn, this.#anomalies.fork(`effect ${this.#bars}`)) };
  }

  #tradeCount(regime: SimulatedRegime): number {
    const mean = this.settings.tradesPerBar * (regime.activity ?? 1);
    const varied = mean * Math.exp(ACTIVITY_DEVIATION * this.#tape.normal() - ACTIVITY_DEVIATION ** 2 / 2);
    return Math.max(1, Math.round(varied));
  }

  /** Reflects the log price at the far ends; see FARTHEST_LOG. */
  #confine(log: number): number {
    const away = log - this.#startLog;
    if (away > FARTHEST_LOG) return this.#startLog + 2 * FARTHEST_LOG - away;
    if (away < -FARTHEST_LOG) return this.#startLog - 2 * FARTHEST_LOG - away;
    return log;
  }
}

/** What a feed that has stopped goes on showing. */
function frozen(last: SimulatedBar, timeMs: number): Omit<SimulatedBar, 'truth'> {
  const { close } = last.candle;
  return {
    candle: { timeMs, open: close, high: close, low: close, close, volume: 0 },
    book: last.book,
    trades: NO_TRADES,
  };
}

import { invalidArgument } from '../../runtime/index.js';
import { checkSymbol } from '../symbol.js';
import { ANOMALY_KINDS, type AnomalyKind } from './anomalies.js';
import { checkRegimes, DEFAULT_REGIMES, type SimulatedRegime } from './regimes.js';

/** What kind of market to simulate; only the seed is required. */
export interface MarketSimulatorOptions {
  /** Integer; the same seed and options give the same market, bit for bit. */
  readonly seed: number | bigint;
  /** Default `SIM`. */
  readonly symbol?: string;
  /** Open time of the first bar, Unix milliseconds. Default 2024-01-01. */
  readonly startMs?: number;
  /** Length of a bar in milliseconds, 1 or more. Default 300000, five minutes. */
  readonly barMs?: number;
  /** Middle price before the first bar, 1e-6 to 1e9. Default 100. */
  readonly startPrice?: number;
  /** The first one is that of the first bar. Default `DEFAULT_REGIMES`. */
  readonly regimes?: readonly SimulatedRegime[];
  /** Probability that a bar holds an anomaly, 0 to 1; never the first bar. Default 0.002. */
  readonly anomalyRate?: number;
  /** Kinds to plant, equally often. Default all. */
  readonly anomalyKinds?: readonly AnomalyKind[];
  /**
   * Correlation of the bar's taker pressure with the NEXT bar's return, -0.6 to 0.6. Measured on the
   * imbalance of the trades themselves it comes out about a tenth to a quarter lower, since trades are
   * few and their sizes differ. 0 = flow says nothing about the future. Default 0.15.
   */
  readonly flowPredictive?: number;
  /**
   * Share of the variance of the taker pressure that its OWN bar's return explains (R²), 0 to 0.95.
   * Real order flow explains a lot of the present and little of what comes. Default 0.5.
   */
  readonly flowContemporaneous?: number;
  /** Correlation of the book's imbalance at the end of a bar with the NEXT bar's return. Default 0.1. */
  readonly bookPredictive?: number;
  /** Distance of best bid and best ask, basis points, 1e-3 to 1000 (also its limit in bad times). Default 1. */
  readonly spreadBps?: number;
  /** Levels on each side of the book, 1 to 50. Default 20. */
  readonly levels?: number;
  /** Average size at the best level, base units, above 0. Default 50. */
  readonly depth?: number;
  /** Average number of trades of a bar, 1 to 100000. Default 60. */
  readonly tradesPerBar?: number;
  /** Average size of a trade, base units, above 0. Default 1. */
  readonly tradeSize?: number;
}

/** The options with every default filled in. */
export type SimulatorSettings = Required<MarketSimulatorOptions> & {
  readonly regimes: readonly [SimulatedRegime, ...SimulatedRegime[]];
};

/** At most this much of a return's variance may be foreseeable, so that the market stays one. */
const MAX_FORESEEABLE = 0.9;

/**
 * Fills in the defaults and checks everything.
 *
 * @throws ServiceError INVALID_ARGUMENT naming the option, its value and what is allowed
 */
export function checkOptions(options: MarketSimulatorOptions): SimulatorSettings {
  const regimes = options.regimes ?? DEFAULT_REGIMES;
  checkRegimes(regimes);
  const anomalyKinds = options.anomalyKinds ?? ANOMALY_KINDS;
  for (const [index, kind] of anomalyKinds.entries())
    if (!ANOMALY_KINDS.includes(kind))
      throw invalidArgument(`anomalyKinds[${index}]`, kind, `one of ${ANOMALY_KINDS.join(', ')}`);

  const startMs = integer('startMs', options.startMs ?? Date.UTC(2024, 0, 1), -MAX_TIME_MS, MAX_TIME_MS);
  const settings: SimulatorSettings = {
    seed: options.seed,
    symbol: checkSymbol(options.symbol ?? 'SIM'),
    startMs,
    barMs: integer('barMs', options.barMs ?? 300_000, 1, 366 * 86_400_000),
    startPrice: number('startPrice', options.startPrice ?? 100, 1e-6, 1e9),
    regimes: regimes as readonly [SimulatedRegime, ...SimulatedRegime[]],
    anomalyRate: number('anomalyRate', options.anomalyRate ?? 0.002, 0, 1),
    anomalyKinds,
    flowPredictive: number('flowPredictive', options.flowPredictive ?? 0.15, -0.6, 0.6),
    flowContemporaneous: number('flowContemporaneous', options.flowContemporaneous ?? 0.5, 0, 0.95),
    bookPredictive: number('bookPredictive', options.bookPredictive ?? 0.1, -0.6, 0.6),
    spreadBps: number('spreadBps', options.spreadBps ?? 1, 1e-3, 1000),
    levels: integer('levels', options.levels ?? 20, 1, 50),
    depth: number('depth', options.depth ?? 50, 1e-9, 1e12),
    tradesPerBar: number('tradesPerBar', options.tradesPerBar ?? 60, 1, 100_000),
    tradeSize: number('tradeSize', options.tradeSize ?? 1, 1e-9, 1e12),
  };
  const foreseeable = flowLoading(settings) ** 2 + settings.bookPredictive ** 2;
  if (foreseeable > MAX_FORESEEABLE)
    throw invalidArgument(
      'flowPredictive',
      settings.flowPredictive,
      `small enough that flowPredictive² / (1 - flowContemporaneous) + bookPredictive² is at most ${MAX_FORESEEABLE}`,
    );
  return settings;
}

/** Weight of the flow's own pressure in the next bar's standardised return. */
export function flowLoading(settings: {
  readonly flowPredictive: number;
  readonly flowContemporaneous: number;
}): number {
  return settings.flowPredictive / Math.sqrt(1 - settings.flowContemporaneous);
}

/** What a JavaScript date can hold. */
const MAX_TIME_MS = 8.64e15;

function number(field: string, value: number, min: number, max: number): number {
  if (typeof value === 'number' && value >= min && value <= max) return value;
  throw invalidArgument(field, value, `a number from ${min} to ${max}`);
}

function integer(field: string, value: number, min: number, max: number): number {
  if (Number.isSafeInteger(value) && value >= min && value <= max) return value;
  throw invalidArgument(field, value, `an integer from ${min} to ${max}`);
}

import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Bars } from './bars.js';
import { loadTulind } from './compile.js';

const PEERS = join(import.meta.dirname, '..', '..', '..', 'bench', 'peers', 'package.json');

/** The bars as the packages take them: plain arrays. */
export type PlainBars = { readonly [Column in keyof Bars]: readonly number[] };

/** A function that three libraries have. */
export interface Common {
  readonly name: string;
  readonly spec: string;
  readonly technicalIndicators: (bars: PlainBars) => unknown;
  readonly tulind: (bars: PlainBars) => unknown;
}

type Calculate = { calculate(input: object): unknown };

/** What is loaded when it is asked for first. */
function lazy<T>(load: () => T): () => T {
  let loaded: T | undefined;
  return () => {
    loaded ??= load();
    return loaded;
  };
}

/** Thirteen functions that `technicalindicators` and `tulind` have too; each package is loaded when it is called. */
export function common(): readonly Common[] {
  const technicals = lazy(() => createRequire(PEERS)('technicalindicators') as Record<string, Calculate>);
  const tulinds = lazy(loadTulind);
  const ti = (name: string, options: object, inputs: (bars: PlainBars) => object) => (bars: PlainBars) =>
    technicals()[name]?.calculate({ ...options, ...inputs(bars) });
  const tulip =
    (name: string, options: readonly number[], inputs: (bars: PlainBars) => readonly (readonly number[])[]) =>
    (bars: PlainBars) => {
      const tulind = tulinds();
      const index = tulind.indicators[name]?.index;
      if (index === undefined) throw new Error(`tulind has no ${name}`);
      let result: unknown;
      tulind.callbyindex(index, inputs(bars), options, (error, outputs) => {
        if (error) throw error;
        result = outputs;
      });
      return result;
    };
  const values = ({ close }: PlainBars) => ({ values: close });
  const closes = ({ close }: PlainBars) => [close];
  const hlc = ({ high, low, close }: PlainBars) => ({ high, low, close });
  const hlcs = ({ high, low, close }: PlainBars) => [high, low, close];
  const hlcv = ({ high, low, close, volume }: PlainBars) => ({ high, low, close, volume });
  const hlcvs = ({ high, low, close, volume }: PlainBars) => [high, low, close, volume];
  const of = (
    name: string,
    spec: string,
    technicalIndicators: Common['technicalIndicators'],
    other: Common['tulind'],
  ): Common => ({ name, spec, technicalIndicators, tulind: other });
  const twenty = { period: 20 };
  const fourteen = { period: 14 };
  const macd = {
    fastPeriod: 12,
    slowPeriod: 26,
    signalPeriod: 9,
    SimpleMAOscillator: false,
    SimpleMASignal: false,
  };
  return [
    of('SMA', 'sma(20)', ti('SMA', twenty, values), tulip('sma', [20], closes)),
    of('EMA', 'ema(20)', ti('EMA', twenty, values), tulip('ema', [20], closes)),
    of('WMA', 'wma(20)', ti('WMA', twenty, values), tulip('wma', [20], closes)),
    of('RSI', 'rsi(14)', ti('RSI', fourteen, values), tulip('rsi', [14], closes)),
    of('MACD', 'macd(12,26,9)', ti('MACD', macd, values), tulip('macd', [12, 26, 9], closes)),
    of(
      'BBANDS',
      'bbands(20,2,2)',
      ti('BollingerBands', { ...twenty, stdDev: 2 }, values),
      tulip('bbands', [20, 2], closes),
    ),
    of('ATR', 'atr(14)', ti('ATR', fourteen, hlc), tulip('atr', [14], hlcs)),
    of('ADX', 'adx(14)', ti('ADX', fourteen, hlc), tulip('adx', [14], hlcs)),
    of(
      'STOCH',
      'stoch(14,1,sma,3,sma)',
      ti('Stochastic', { ...fourteen, signalPeriod: 3 }, hlc),
      tulip('stoch', [14, 1, 3], hlcs),
    ),
    of('CCI', 'cci(20)', ti('CCI', twenty, hlc), tulip('cci', [20], hlcs)),
    of('WILLR', 'willr(14)', ti('WilliamsR', fourteen, hlc), tulip('willr', [14], hlcs)),
    of('MFI', 'mfi(14)', ti('MFI', fourteen, hlcv), tulip('mfi', [14], hlcvs)),
    of('ROC', 'roc(10)', ti('ROC', { period: 10 }, values), tulip('roc', [10], closes)),
  ];
}

/** A function as both sides name it; its parameters in TA-Lib's order. */
export interface Pair {
  /** Part of a spec of ours. */
  readonly spec: string;
  readonly taLib: string;
  readonly parameters: readonly number[];
  readonly outputs: number;
}

function pair(spec: string, taLib: string, parameters: readonly number[], outputs = 1): Pair {
  return { spec, taLib, parameters, outputs };
}

/** Thirty usual indicators with usual periods. */
export const BUNDLE: readonly Pair[] = [
  pair('sma(20)', 'SMA', [20]),
  pair('ema(20)', 'EMA', [20]),
  pair('wma(20)', 'WMA', [20]),
  pair('dema(20)', 'DEMA', [20]),
  pair('tema(20)', 'TEMA', [20]),
  pair('trix(20)', 'TRIX', [20]),
  pair('kama(20)', 'KAMA', [20]),
  pair('trima(20)', 'TRIMA', [20]),
  pair('rsi(14)', 'RSI', [14]),
  pair('cmo(14)', 'CMO', [14]),
  pair('macd(12,26,9)', 'MACD', [12, 26, 9], 3),
  pair('bbands(20,2,2)', 'BBANDS', [20, 2, 2], 3),
  pair('stddev(20)', 'STDDEV', [20]),
  pair('atr(14)', 'ATR', [14]),
  pair('adx(14)', 'ADX', [14]),
  pair('plus_di(14)', 'PLUS_DI', [14]),
  pair('stoch(14,3,sma,3,sma)', 'STOCH', [14, 3, 3], 2),
  pair('stochrsi(14,5,3,sma)', 'STOCHRSI', [14, 5, 3], 2),
  pair('cci(20)', 'CCI', [20]),
  pair('willr(14)', 'WILLR', [14]),
  pair('aroon(14)', 'AROON', [14], 2),
  pair('sar(0.02,0.2)', 'SAR', [0.02, 0.2]),
  pair('obv', 'OBV', []),
  pair('ad', 'AD', []),
  pair('adosc(3,10)', 'ADOSC', [3, 10]),
  pair('mfi(14)', 'MFI', [14]),
  pair('ultosc(7,14,28)', 'ULTOSC', [7, 14, 28]),
  pair('roc(10)', 'ROC', [10]),
  pair('linearreg(14)', 'LINEARREG', [14]),
  pair('correl(30)', 'CORREL', [30]),
];

/** Windows of 200 rows, and how many times TA-Lib's speed is asked for. */
export const WINDOWS: readonly (Pair & { readonly bar: number })[] = [
  { ...pair('cci(200)', 'CCI', [200]), bar: 10 },
  { ...pair('linearreg(200)', 'LINEARREG', [200]), bar: 15 },
  { ...pair('min(200)', 'MIN', [200]), bar: 5 },
  { ...pair('max(200)', 'MAX', [200]), bar: 5 },
];

import { basename } from 'node:path';
import { isTimeframe, timeframeMs, timeframeOf } from '../timeframe.js';

/** `BTC_USDT`, `BTC/USDT` written for a file name. */
const PAIR = /^[A-Z0-9]{1,15}_[A-Z]{2,6}$/;
/** `BTCUSDT`, `SPY`, `BRK.B`. */
const TICKER = /^[A-Z][A-Z0-9.]{0,19}$/;
const DEFAULT_SYMBOL = 'UNKNOWN';

function tokensOf(path: string): string[] {
  return basename(path)
    .replace(/\.gz$/i, '')
    .replace(/\.(csv|txt)$/i, '')
    .split(/[-\s]+/)
    .filter((token) => token !== '');
}

/**
 * The symbol a file name speaks of: `binance-spot-BTC_USDT-5m.csv.gz` is `BTC/USDT`, `SPY.csv` is `SPY`,
 * `prices.csv` is `PRICES`, and a name that holds none `UNKNOWN`.
 */
export function guessSymbol(path: string): string {
  const tokens = tokensOf(path);
  const pair = tokens.find((token) => PAIR.test(token));
  if (pair !== undefined) return pair.replace('_', '/');
  // Venue first, then symbol: of several the last is the narrower one.
  const ticker = tokens.findLast((token) => TICKER.test(token) && !isTimeframe(token));
  if (ticker !== undefined) return ticker;
  const first = tokens[0]?.toUpperCase().replaceAll(/[^A-Z0-9._]/g, '') ?? '';
  return TICKER.test(first) ? first : DEFAULT_SYMBOL;
}

/** The middle one of the distances between candles, undefined for a single candle. */
export function medianSpacingMs(timeMs: Float64Array): number | undefined {
  if (timeMs.length < 2) return undefined;
  const spacings = timeMs.subarray(1).map((time, index) => time - (timeMs[index] ?? Number.NaN));
  return spacings.sort()[spacings.length >> 1];
}

/**
 * The timeframe, from the file name when the times agree with it, else from their median spacing;
 * undefined when neither says anything.
 */
export function guessTimeframe(path: string, timeMs: Float64Array): string | undefined {
  const spacingMs = medianSpacingMs(timeMs);
  const named = tokensOf(path)
    .flatMap((token) => token.split('_'))
    .findLast(isTimeframe);
  if (spacingMs === undefined) return named;
  const measured = timeframeOf(spacingMs);
  // Candles without trades are often left out, so the spacing may be a multiple of the timeframe.
  return named !== undefined && (named === measured || spacingMs % timeframeMs(named) === 0)
    ? named
    : measured;
}

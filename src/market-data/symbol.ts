import { invalidArgument } from '../runtime/index.js';

/** `BTC/USDT`, `SPX`, `BRK.B`: what the wire accepts as a symbol. */
export const SYMBOL_PATTERN = /^[A-Za-z0-9][A-Za-z0-9._:/-]{0,63}$/;

/** @throws ServiceError INVALID_ARGUMENT unless the text can be a symbol */
export function checkSymbol(symbol: string): string {
  if (typeof symbol === 'string' && SYMBOL_PATTERN.test(symbol)) return symbol;
  throw invalidArgument('symbol', symbol, '1 to 64 letters, digits and . _ : / -, first a letter or digit');
}

import { object, scalar, series } from '../arguments.js';
import { loadNative } from '../native.js';
import { translated } from '../native-errors.js';

/** A bet that wins `payoff` times the stake, or loses the stake. */
export interface Bet {
  /** Probability of winning, 0 to 1. */
  readonly winRate: number;
  /** Above 0. */
  readonly payoff: number;
}

/** winRate − (1 − winRate) / payoff: the share of the capital to stake (Kelly 1956); below 0 without an edge. */
export function kellyBet(bet: Bet): number {
  const { winRate, payoff } = object('bet', bet);
  const [rate, odds] = [scalar('winRate', winRate), scalar('payoff', payoff)];
  return translated(() => loadNative().kellyBet(rate, odds));
}

/** (mean − `riskFree`, default 0) / variance (n − 1) (Thorp 2006); NaN of equal returns. */
export function kellyNormal(returns: Float64Array, options: { readonly riskFree?: number } = {}): number {
  const values = series('returns', returns);
  const free = scalar('riskFree', object('options', options).riskFree ?? 0);
  return translated(() => loadNative().kellyNormal(values, free));
}

/**
 * The share f, at least 0, with the greatest mean of ln(1 + f × return) over the returns themselves.
 * Infinite where nothing was ever lost.
 */
export function kellyGrowthOptimal(returns: Float64Array): number {
  const values = series('returns', returns);
  return translated(() => loadNative().kellyGrowthOptimal(values));
}

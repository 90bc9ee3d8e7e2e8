import type { AnomalyAlert, ByAction } from '../dto/index.js';

/** What an expert thinks of one question, before the name and time are put on it. */
export interface Opinion {
  readonly probabilities: Readonly<ByAction>;
  /** 0..1, how much the expert itself would bet on it. */
  readonly confidence: number;
  readonly label: string;
  readonly evidence: Readonly<Record<string, number>>;
  /** How long the vote may be used; one bar when not said. */
  readonly validForMs?: number;
  readonly alerts?: readonly AnomalyAlert[];
}

/** No opinion, and why; alerts are heard all the same. */
export interface Abstained {
  readonly abstain: string;
  readonly label?: string;
  readonly evidence?: Readonly<Record<string, number>>;
  readonly alerts?: readonly AnomalyAlert[];
}

/** Hold's probability when there is no lean at all, and what is left of it at the strongest one. */
const HOLD_AT_REST = 0.5;
const HOLD_AT_FULL = 0.1;

/**
 * Probabilities from a lean in [-1, 1]: -1 all for selling, 0 undecided, 1 all for buying. Piecewise linear
 * rather than a softmax: without exp the same lean gives the same bits on every machine. Buying beats
 * holding from a lean of about 0.24 on.
 */
export function probabilitiesOfLean(lean: number): ByAction {
  const bounded = Math.max(-1, Math.min(1, lean));
  const strength = Math.abs(bounded);
  const hold = HOLD_AT_REST + (HOLD_AT_FULL - HOLD_AT_REST) * strength;
  const rest = 1 - hold;
  const buy = (rest * (1 + bounded)) / 2;
  return { buy, hold, sell: rest - buy };
}

/** x / (1 + |x|): squashes any real number into (-1, 1) without a transcendental function. */
export function squash(x: number): number {
  return x / (1 + Math.abs(x));
}

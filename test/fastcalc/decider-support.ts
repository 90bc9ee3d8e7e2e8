import type { DeciderAction, DeciderVote } from '#conclave/fastcalc/index.js';
import { ServiceError } from '#conclave/runtime/index.js';

export const ACTIONS = ['buy', 'hold', 'sell'] as const;
export const NO_COSTS = { roundTripBps: 0 };

/** A vote that is clearly for one action. */
export function vote(slot: string, action: DeciderAction): DeciderVote {
  return { slot, probabilities: { buy: 0.25, hold: 0.25, sell: 0.25, [action]: 0.5 } };
}

/** Code and field of the ServiceError that `call` throws. */
export function failure(call: () => unknown): [string, string | undefined] {
  try {
    call();
  } catch (error) {
    if (error instanceof ServiceError) return [error.code, error.field];
    throw error;
  }
  throw new Error('nothing was thrown');
}

/** Lehmer's generator (Park and Miller 1988), exact in doubles. */
export function lehmer(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % below;
  };
}

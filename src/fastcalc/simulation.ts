import { count } from './arguments.js';
import { loadNative } from './native.js';
import type { NativeBooks, NativeStream } from './native-aggregate.js';
import { translated } from './native-errors.js';

/** A synthetic committee: eight experts, changing regimes, one that turns bad, one that joins halfway. */
export type DeciderStream = NativeStream;

/** Expected payoffs of a run, one per decision, and the first decisions of its regimes. */
export type DeciderBooks = NativeBooks;

/** Stream B: returns of 10 bps around noise of 30 bps, trading costs 2 bps, outcomes known 20 decisions later. */
export const STREAM_B: DeciderStream = {
  zeroOne: false,
  sigma: 30,
  studentT3: false,
  decisions: 20_000,
  regimeLeast: 1500,
  regimeMost: 2500,
  herding: 0,
  newcomer: 0.62,
  delay: 20,
  bandit: false,
  missing: 0,
  recurring: 0,
  blind: false,
};

/** Runs a fresh decider over the stream of a seed. Throws INVALID_ARGUMENT for a stream that cannot be. */
export function simulateDecider(stream: DeciderStream, seed: number): DeciderBooks {
  const whole = count('seed', seed, 0);
  count('decisions', stream.decisions, 1, 10_000_000);
  return translated(() => loadNative().simulateDecider(stream, whole));
}

import { type DeciderStream, STREAM_B } from '../../fastcalc/index.js';

/** One stream of the measurement, and what must and should be reached on it. */
export interface Variant {
  readonly name: string;
  readonly stream: DeciderStream;
  /** Share of the way from plurality to the best combination; accuracy on streams of 0 and 1. */
  readonly must?: number;
  readonly aim?: number;
}

const STREAM_A: DeciderStream = { ...STREAM_B, zeroOne: true };

/** Four regimes that return every 100 to 300 decisions; the label says which it is. */
const RETURNING: DeciderStream = { ...STREAM_B, regimeLeast: 100, regimeMost: 300, recurring: 4 };

/** The streams of the measurement. */
export const VARIANTS: readonly Variant[] = [
  { name: 'A', stream: STREAM_A, must: 0.745, aim: 0.751 },
  { name: 'A, bandit', stream: { ...STREAM_A, bandit: true }, must: 0.735, aim: 0.745 },
  { name: 'B', stream: STREAM_B, must: 0.8, aim: 0.87 },
  { name: 'B, bandit', stream: { ...STREAM_B, bandit: true } },
  { name: 'B, delay 200', stream: { ...STREAM_B, delay: 200 }, must: 0.72, aim: 0.81 },
  { name: 'B, 40 % missing', stream: { ...STREAM_B, missing: 0.4 }, must: 0.75, aim: 0.83 },
  { name: 'B, t3 noise', stream: { ...STREAM_B, studentT3: true }, must: 0.78, aim: 0.86 },
  {
    name: 'B, switch every 40',
    stream: { ...STREAM_B, regimeLeast: 40, regimeMost: 40 },
    must: 0.65,
    aim: 0.73,
  },
  { name: 'B, herding .8', stream: { ...STREAM_B, herding: 0.8 }, must: 0.55, aim: 0.64 },
  { name: 'B, sigma 100', stream: { ...STREAM_B, sigma: 100 }, must: 0.5, aim: 0.68 },
  { name: 'B, 4 regimes, unseen', stream: { ...RETURNING, blind: true } },
  { name: 'B, 4 regimes, seen', stream: RETURNING },
  { name: 'B, newcomer .98', stream: { ...STREAM_B, newcomer: 0.98 } },
];

import { invalidArgument, type Rng } from '../../runtime/index.js';

/** A state of the market, with its own drift and volatility. */
export interface SimulatedRegime {
  /** Unique among the regimes. */
  readonly name: string;
  /** Expected log return of a bar, basis points. */
  readonly driftBps: number;
  /** Standard deviation of the log return of a bar, basis points; above 0. */
  readonly volatilityBps: number;
  /** Bars it lasts on average (geometric), at least 1. */
  readonly meanBars: number;
  /** How likely it follows another one, in proportion to the others' weights. Default 1. */
  readonly weight?: number;
  /** Number of trades relative to `tradesPerBar`. Default 1. */
  readonly activity?: number;
  /** Spread relative to `spreadBps`. Default 1. */
  readonly spreadMultiple?: number;
}

/** Magnitudes of a liquid coin's 5-minute bars; the long-run drift is about zero. */
export const DEFAULT_REGIMES: readonly SimulatedRegime[] = [
  { name: 'bull', driftBps: 4, volatilityBps: 20, meanBars: 120 },
  { name: 'bear', driftBps: -4, volatilityBps: 25, meanBars: 100 },
  { name: 'range', driftBps: 0, volatilityBps: 10, meanBars: 150, activity: 0.7 },
  { name: 'volatile', driftBps: 0, volatilityBps: 60, meanBars: 40, activity: 1.8, spreadMultiple: 2 },
  {
    name: 'crash',
    driftBps: -40,
    volatilityBps: 100,
    meanBars: 8,
    weight: 0.2,
    activity: 3,
    spreadMultiple: 4,
  },
];

/** @throws ServiceError INVALID_ARGUMENT that names the field of the regime at fault */
export function checkRegimes(regimes: readonly SimulatedRegime[]): void {
  if (regimes.length === 0) throw invalidArgument('regimes', regimes, 'at least one regime');
  const names = new Set<string>();
  for (const [index, regime] of regimes.entries()) {
    const at = `regimes[${index}]`;
    if (regime.name === '' || names.has(regime.name))
      throw invalidArgument(`${at}.name`, regime.name, 'a name that no other regime has');
    names.add(regime.name);
    within(`${at}.driftBps`, regime.driftBps, -MOST_BPS, MOST_BPS);
    within(`${at}.volatilityBps`, regime.volatilityBps, 1e-6, MOST_BPS);
    within(`${at}.meanBars`, regime.meanBars, 1, Number.MAX_SAFE_INTEGER);
    within(`${at}.weight`, regime.weight ?? 1, 0, 1e9);
    within(`${at}.activity`, regime.activity ?? 1, 1e-3, 1e3);
    within(`${at}.spreadMultiple`, regime.spreadMultiple ?? 1, 1e-3, 1e3);
  }
}

/** A bar that moves by more is no market. */
const MOST_BPS = 5000;

function within(field: string, value: number, min: number, max: number): void {
  if (!(value >= min && value <= max)) throw invalidArgument(field, value, `a number from ${min} to ${max}`);
}

/** Markov chain over the regimes: one step a bar. */
export class RegimeChain {
  readonly #regimes: readonly SimulatedRegime[];
  readonly #rng: Rng;
  #current: SimulatedRegime;

  /** Starts in the first regime. The regimes must have passed `checkRegimes`. */
  constructor(regimes: readonly [SimulatedRegime, ...SimulatedRegime[]], rng: Rng) {
    this.#regimes = regimes;
    this.#rng = rng;
    this.#current = regimes[0];
  }

  get current(): SimulatedRegime {
    return this.#current;
  }

  /** Leaves the regime with probability 1 / meanBars for another one, drawn by weight. */
  advance(): void {
    if (this.#rng.uniform() >= 1 / this.#current.meanBars) return;
    const others = this.#regimes.filter((regime) => regime !== this.#current);
    const total = others.reduce((sum, regime) => sum + (regime.weight ?? 1), 0);
    if (total === 0) return;
    let left = this.#rng.uniform() * total;
    for (const regime of others) {
      left -= regime.weight ?? 1;
      if (left < 0) {
        this.#current = regime;
        return;
      }
    }
  }
}

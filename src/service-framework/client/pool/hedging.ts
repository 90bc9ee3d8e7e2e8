import { invalidArgument } from '../../../runtime/index.js';

export interface HedgeOptions {
  /** Commands that only read: asking two hosts for one answer does no harm. Others are hedged by the call's `hedge`. */
  readonly commands?: readonly string[];
  /** The second host is asked when the first has taken longer than this share of answers did. Default 0.95. */
  readonly quantile?: number;
  /** But never earlier, ms. Default 2. */
  readonly minDelayMs?: number;
  /** Second requests allowed per first one, over time. Default 0.05: hosts that are slow are not asked twice as much. */
  readonly budgetRatio?: number;
}

/** Answer times remembered of a command, and how many make a quantile of them mean something. */
const REMEMBERED = 128;
const ENOUGH = 20;
/** Second requests saved up at most. */
const BURST = 10;

/** Decides when a second host is asked (Dean and Barroso, The Tail at Scale, 2013). */
export class Hedging {
  readonly #commands: ReadonlySet<string>;
  readonly #quantile: number;
  readonly #minDelayMs: number;
  readonly #ratio: number;
  readonly #recent = new Map<string, RecentTimes>();
  #budget = BURST / 2;

  /** @throws ServiceError INVALID_ARGUMENT */
  constructor(options: HedgeOptions = {}) {
    const { quantile = 0.95, minDelayMs = 2, budgetRatio = 0.05 } = options;
    if (!(quantile > 0 && quantile < 1)) throw invalidArgument('hedge.quantile', quantile, 'between 0 and 1');
    if (!(minDelayMs >= 0)) throw invalidArgument('hedge.minDelayMs', minDelayMs, '0 or more');
    if (!(budgetRatio > 0 && budgetRatio <= 1))
      throw invalidArgument('hedge.budgetRatio', budgetRatio, 'above 0, at most 1');
    this.#commands = new Set(options.commands ?? []);
    this.#quantile = quantile;
    this.#minDelayMs = minDelayMs;
    this.#ratio = budgetRatio;
  }

  /** Whether a call may be asked of two hosts. One with a key has effects, whatever it is marked as. */
  covers(command: string, marked: boolean | undefined, key: string | undefined): boolean {
    return key === undefined && (marked ?? this.#commands.has(command));
  }

  /** A call begins, and earns its share of a second request. @returns how long to wait for the first, ms; undefined = too little is known */
  delayMs(command: string): number | undefined {
    this.#budget = Math.min(BURST, this.#budget + this.#ratio);
    const typicalMs = this.#recent.get(command)?.quantile(this.#quantile);
    return typicalMs === undefined ? undefined : Math.max(this.#minDelayMs, typicalMs);
  }

  /** Takes a second request out of the budget. @returns whether there was one left */
  spend(): boolean {
    if (this.#budget < 1) return false;
    this.#budget -= 1;
    return true;
  }

  /** An answer came after so long. */
  record(command: string, latencyMs: number): void {
    const recent = this.#recent.get(command) ?? new RecentTimes();
    this.#recent.set(command, recent);
    recent.add(latencyMs);
  }
}

/** The last answer times of one command. */
class RecentTimes {
  readonly #times = new Float64Array(REMEMBERED);
  #count = 0;

  add(ms: number): void {
    this.#times[this.#count++ % REMEMBERED] = ms;
  }

  quantile(share: number): number | undefined {
    if (this.#count < ENOUGH) return undefined;
    const sorted = this.#times.slice(0, Math.min(this.#count, REMEMBERED)).sort();
    return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
  }
}

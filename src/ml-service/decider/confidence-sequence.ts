/** Largest bet; below 1 it keeps the wealth positive, and the formula's authors use 1/2. */
const LARGEST_BET = 0.5;

/** Running sums of a confidence sequence, for a checkpoint. */
export interface ConfidenceSums {
  readonly count: number;
  readonly sum: number;
  readonly squares: number;
  readonly bets: number;
  readonly weighted: number;
  readonly variance: number;
}

/**
 * Confidence sequence for the mean of bounded observations: with probability 1 - alpha the mean lies in the interval
 * at every moment at once, so that one may look after each observation and stop when one likes (Howard, Ramdas,
 * McAuliffe and Sekhon 2021). The predictable plug-in empirical Bernstein form of Waudby-Smith and Ramdas (2023),
 * theorem 2. Observations must have the same mean given the past; their variance may change.
 */
export class ConfidenceSequence {
  readonly #alpha: number;
  readonly #low: number;
  readonly #high: number;
  #count = 0;
  #sum = 0;
  #squares = 0;
  #bets = 0;
  #weighted = 0;
  #variance = 0;

  /**
   * @param alpha in (0, 1)
   * @param low least observation; smaller ones count as this
   * @param high largest observation; larger ones count as this
   */
  constructor(alpha: number, low: number, high: number, sums?: ConfidenceSums) {
    this.#alpha = alpha;
    this.#low = low;
    this.#high = high;
    if (!sums) return;
    this.#count = sums.count;
    this.#sum = sums.sum;
    this.#squares = sums.squares;
    this.#bets = sums.bets;
    this.#weighted = sums.weighted;
    this.#variance = sums.variance;
  }

  get count(): number {
    return this.#count;
  }

  /** Plain mean of what was observed, in the observations' unit; 0 before the first. */
  get mean(): number {
    return this.#count === 0 ? 0 : this.#low + (this.#high - this.#low) * (this.#sum / this.#count);
  }

  observe(value: number): void {
    const x = (Math.min(Math.max(value, this.#low), this.#high) - this.#low) / (this.#high - this.#low);
    const t = this.#count + 1;
    const mean = (0.5 + this.#sum) / t;
    const variance = (0.25 + this.#squares) / t;
    const wanted = Math.sqrt((2 * Math.log(2 / this.#alpha)) / (variance * t * Math.log(1 + t)));
    const bet = Math.min(wanted, LARGEST_BET);
    this.#bets += bet;
    this.#weighted += bet * x;
    this.#variance += (x - mean) ** 2 * (-Math.log(1 - bet) - bet);
    this.#count = t;
    this.#sum += x;
    this.#squares += (x - (0.5 + this.#sum) / (t + 1)) ** 2;
  }

  /** Bounds of the mean, in the observations' unit. */
  interval(): { readonly low: number; readonly high: number } {
    if (this.#count === 0) return { low: this.#low, high: this.#high };
    const width = this.#high - this.#low;
    const centre = this.#weighted / this.#bets;
    const radius = (Math.log(2 / this.#alpha) + this.#variance) / this.#bets;
    return {
      low: this.#low + width * Math.max(0, centre - radius),
      high: this.#low + width * Math.min(1, centre + radius),
    };
  }

  sums(): ConfidenceSums {
    return {
      count: this.#count,
      sum: this.#sum,
      squares: this.#squares,
      bets: this.#bets,
      weighted: this.#weighted,
      variance: this.#variance,
    };
  }
}

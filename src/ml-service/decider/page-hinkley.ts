/** Changes of less than this, in standard deviations, are no drift. */
const TOLERANCE = 0.05;
/** Observations before the running mean and deviation are worth a verdict. */
const WARM_UP = 30;
/** One outlier counts at most this many standard deviations. */
const LARGEST = 5;

/** What it remembers, for a checkpoint. */
export interface PageHinkleySums {
  readonly count: number;
  readonly mean: number;
  readonly squares: number;
  readonly sum: number;
  readonly largest: number;
  readonly changeSeq: number;
}

/**
 * Test of Page (1954) and Hinkley (1971) for a fall of the mean: the cumulated deviation from the running mean, plus a
 * tolerance, has fallen from its maximum by more than the threshold. Deviations are in running standard deviations,
 * so that the threshold has no unit.
 */
export class PageHinkley {
  readonly #threshold: number;
  #count = 0;
  #mean = 0;
  #squares = 0;
  #sum = 0;
  #largest = 0;
  #changeSeq: number;

  /** @param startSeq where observation begins */
  constructor(threshold: number, startSeq: number, sums?: PageHinkleySums) {
    this.#threshold = threshold;
    this.#changeSeq = startSeq;
    if (!sums) return;
    this.#count = sums.count;
    this.#mean = sums.mean;
    this.#squares = sums.squares;
    this.#sum = sums.sum;
    this.#largest = sums.largest;
    this.#changeSeq = sums.changeSeq;
  }

  /** Whether the mean has fallen. */
  get alarm(): boolean {
    return this.#largest - this.#sum > this.#threshold;
  }

  /** The observation after which the fall began, as far as the test can tell. */
  get changeSeq(): number {
    return this.#changeSeq;
  }

  observe(value: number, seq: number): void {
    this.#count += 1;
    const before = value - this.#mean;
    this.#mean += before / this.#count;
    this.#squares += before * (value - this.#mean);
    const deviation = Math.sqrt(this.#squares / this.#count);
    if (this.#count <= WARM_UP || deviation === 0) {
      this.#changeSeq = seq;
      return;
    }
    const step = Math.min(Math.max(before / deviation, -LARGEST), LARGEST);
    this.#sum += step + TOLERANCE;
    if (this.#sum < this.#largest) return;
    this.#largest = this.#sum;
    this.#changeSeq = seq;
  }

  sums(): PageHinkleySums {
    return {
      count: this.#count,
      mean: this.#mean,
      squares: this.#squares,
      sum: this.#sum,
      largest: this.#largest,
      changeSeq: this.#changeSeq,
    };
  }
}

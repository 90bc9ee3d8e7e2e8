/** Buckets of one size; more of them find a change's place more exactly. */
const BUCKETS_PER_SIZE = 5;
/** Observations between two looks: a look costs a pass over all buckets. */
const LOOK_EVERY = 32;
/** The shorter side of a cut holds at least so many. */
const SMALLEST_SIDE = 5;

/** So many observations in one, oldest bucket first. */
export interface AdwinBucket {
  readonly count: number;
  readonly sum: number;
  /** Sum of squared deviations from the bucket's own mean. */
  readonly spread: number;
}

/**
 * ADWIN2 of Bifet and Gavalda (2007): a window that is cut where the means of its two parts differ by more than chance
 * allows, kept in exponentially growing buckets. `fallen` tells whether the last cut was a fall.
 */
export class Adwin {
  readonly #delta: number;
  #buckets: AdwinBucket[];
  #seen: number;
  #fallen = false;

  /** @param delta chance of a cut where nothing changed, at one look */
  constructor(delta: number, state?: { readonly buckets: readonly AdwinBucket[]; readonly seen: number }) {
    this.#delta = delta;
    this.#buckets = [...(state?.buckets ?? [])];
    this.#seen = state?.seen ?? 0;
  }

  /** Whether the mean fell at the last look. */
  get fallen(): boolean {
    return this.#fallen;
  }

  /** Observations in the window. */
  get width(): number {
    return this.#buckets.reduce((total, { count }) => total + count, 0);
  }

  /** @param value within [-1, 1] */
  observe(value: number): void {
    this.#buckets.push({ count: 1, sum: value, spread: 0 });
    this.#compress();
    this.#seen += 1;
    if (this.#seen % LOOK_EVERY === 0) this.#look();
  }

  state(): { buckets: readonly AdwinBucket[]; seen: number } {
    return { buckets: this.#buckets, seen: this.#seen };
  }

  /** Merges the two oldest of a size where there are too many of it. */
  #compress(): void {
    for (let size = 1; ; size *= 2) {
      const first = this.#buckets.findIndex(({ count }) => count === size);
      if (first < 0) return;
      const last = this.#buckets.findLastIndex(({ count }) => count === size);
      if (last - first + 1 <= BUCKETS_PER_SIZE) return;
      const [older, newer] = [this.#buckets[first] as AdwinBucket, this.#buckets[first + 1] as AdwinBucket];
      this.#buckets.splice(first, 2, merged(older, newer));
    }
  }

  #look(): void {
    this.#fallen = false;
    let cutting = true;
    while (cutting && this.#buckets.length > 1) {
      const whole = this.#buckets.reduce(merged);
      const limit = Math.log((4 * Math.log(Math.max(whole.count, 3))) / this.#delta);
      const variance = whole.spread / whole.count;
      let older: AdwinBucket | undefined;
      cutting = false;
      for (const bucket of this.#buckets.slice(0, -1)) {
        older = older ? merged(older, bucket) : bucket;
        const recent = whole.count - older.count;
        if (older.count < SMALLEST_SIDE || recent < SMALLEST_SIDE) continue;
        const inverse = 1 / older.count + 1 / recent;
        // Values lie in [-1, 1], twice as wide as the paper's.
        const allowed = Math.sqrt(2 * inverse * variance * limit) + (4 / 3) * inverse * limit;
        const [before, after] = [older.sum / older.count, (whole.sum - older.sum) / recent];
        if (Math.abs(before - after) <= allowed) continue;
        this.#fallen ||= after < before;
        this.#buckets.shift();
        cutting = true;
        break;
      }
    }
  }
}

function merged(a: AdwinBucket, b: AdwinBucket): AdwinBucket {
  const count = a.count + b.count;
  const apart = a.sum / a.count - b.sum / b.count;
  const spread = a.spread + b.spread + (apart * apart * a.count * b.count) / count;
  return { count, sum: a.sum + b.sum, spread };
}

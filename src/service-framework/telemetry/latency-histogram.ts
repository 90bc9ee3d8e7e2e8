/** Buckets per doubling: a quantile is at most 2^(1/8) = 9 % above the truth. */
const PER_OCTAVE = 8;
/** 2^27 µs = 134 s, above the longest deadline; what is slower falls into the last bucket. */
const OCTAVES = 27;
const BUCKETS = OCTAVES * PER_OCTAVE + 1;

/** Upper bounds of the Prometheus view, in µs: powers of two, because those are bounds here too. */
export const PROMETHEUS_BOUNDS_US: readonly number[] = Array.from({ length: 23 }, (_, i) => 2 ** (i + 4));

/** Durations in microseconds, in logarithmic buckets of fixed memory; recording is a few nanoseconds. */
export class LatencyHistogram {
  readonly #counts = new Float64Array(BUCKETS);
  #count = 0;
  #sumUs = 0;

  record(us: number): void {
    const bucket = bucketOf(us);
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
    this.#count++;
    this.#sumUs += us;
  }

  get count(): number {
    return this.#count;
  }

  get sumUs(): number {
    return this.#sumUs;
  }

  /** 0 while empty. */
  get meanUs(): number {
    return this.#count === 0 ? 0 : this.#sumUs / this.#count;
  }

  /** The upper bound of the bucket that holds the quantile, in µs; undefined while empty. */
  quantileUs(fraction: number): number | undefined {
    if (this.#count === 0) return undefined;
    const rank = Math.max(1, Math.ceil(fraction * this.#count));
    let seen = 0;
    for (let bucket = 0; bucket < BUCKETS; bucket++) {
      seen += this.#counts[bucket] ?? 0;
      if (seen >= rank) return upperBoundUs(bucket);
    }
    return upperBoundUs(BUCKETS - 1);
  }

  /** How many durations fell into buckets that end at or below `boundUs`; exact for powers of two. */
  countBelow(boundUs: number): number {
    let seen = 0;
    for (let bucket = 0; bucket < BUCKETS && upperBoundUs(bucket) <= boundUs; bucket++)
      seen += this.#counts[bucket] ?? 0;
    return seen;
  }
}

function bucketOf(us: number): number {
  if (!(us > 1)) return 0;
  return Math.min(BUCKETS - 1, Math.ceil(Math.log2(us) * PER_OCTAVE));
}

function upperBoundUs(bucket: number): number {
  return 2 ** (bucket / PER_OCTAVE);
}

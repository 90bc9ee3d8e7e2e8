import { invalidArgument } from './service-error.js';

/** The only source of randomness: seeded, so that a run can be repeated. */
export interface Rng {
  /** Uniform in [0, 1), 53 bits. */
  uniform(): number;
  /** Uniform integer in [0, bound). */
  integer(bound: number): number;
  /** Standard normal. */
  normal(): number;
  /** An independent stream, the same for the same seed and label. */
  fork(label: string): Rng;
}

const MASK_64 = (1n << 64n) - 1n;

/** SplitMix64 (Steele, Lea, Flood 2014): spreads a seed over the generator's state. */
function splitMix64(seed: bigint): () => bigint {
  let state = seed & MASK_64;
  return () => {
    state = (state + 0x9e3779b97f4a7c15n) & MASK_64;
    let z = state;
    z = ((z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n) & MASK_64;
    z = ((z ^ (z >> 27n)) * 0x94d049bb133111ebn) & MASK_64;
    return z ^ (z >> 31n);
  };
}

/** FNV-1a, 64 bits, over the UTF-16 units of a label. */
function hashLabel(label: string): bigint {
  let hash = 0xcbf29ce484222325n;
  for (let i = 0; i < label.length; i++) {
    hash = ((hash ^ BigInt(label.charCodeAt(i))) * 0x100000001b3n) & MASK_64;
  }
  return hash;
}

/** xoshiro128++ 1.0 (Blackman, Vigna 2019): 32-bit words, hence fast in JavaScript; period 2^128 - 1. */
export class SeededRng implements Rng {
  readonly #seed: bigint;
  readonly #words = new Uint32Array(4);
  #spareNormal: number | undefined;

  /** @param seed an integer; negative and large ones are folded to 64 bits */
  constructor(seed: number | bigint) {
    if (typeof seed === 'number' && !Number.isSafeInteger(seed))
      throw invalidArgument('seed', seed, 'an integer');
    this.#seed = BigInt(seed) & MASK_64;
    const next = splitMix64(this.#seed);
    for (let i = 0; i < 4; i += 2) {
      const word = next();
      this.#words[i] = Number(word & 0xffffffffn);
      this.#words[i + 1] = Number(word >> 32n);
    }
  }

  #next(): number {
    const s = this.#words as unknown as [number, number, number, number];
    const sum = (s[0] + s[3]) | 0;
    const result = (((sum << 7) | (sum >>> 25)) + s[0]) >>> 0;
    const t = s[1] << 9;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = (s[3] << 11) | (s[3] >>> 21);
    return result;
  }

  uniform(): number {
    const high = this.#next() >>> 5;
    const low = this.#next() >>> 6;
    return (high * 67_108_864 + low) / 9_007_199_254_740_992;
  }

  integer(bound: number): number {
    if (!Number.isSafeInteger(bound) || bound < 1)
      throw invalidArgument('bound', bound, 'an integer of at least 1');
    return Math.floor(this.uniform() * bound);
  }

  /** Marsaglia's polar method (1964). */
  normal(): number {
    if (this.#spareNormal !== undefined) {
      const spare = this.#spareNormal;
      this.#spareNormal = undefined;
      return spare;
    }
    for (;;) {
      const u = 2 * this.uniform() - 1;
      const v = 2 * this.uniform() - 1;
      const s = u * u + v * v;
      if (s >= 1 || s === 0) continue;
      const factor = Math.sqrt((-2 * Math.log(s)) / s);
      this.#spareNormal = v * factor;
      return u * factor;
    }
  }

  fork(label: string): Rng {
    return new SeededRng(this.#seed ^ hashLabel(label));
  }
}

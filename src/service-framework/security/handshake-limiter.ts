import type { Clock } from '../../runtime/index.js';

export interface HandshakeRates {
  /** Handshakes a second from one address, after a burst of twice as many. */
  readonly perAddress: number;
  /** Handshakes a second from everywhere, after a burst of twice as many. */
  readonly inAll: number;
}

/** A burst is what a bucket holds: so many seconds' worth. */
const BURST_S = 2;
/** Addresses remembered; an attacker with more of them meets the limit in all. */
const MAX_ADDRESSES = 4_096;

interface Bucket {
  tokens: number;
  atMs: number;
}

/** Token buckets by source address and for all of them together, in bounded memory. */
export class HandshakeLimiter {
  readonly #clock: Clock;
  readonly #rates: HandshakeRates;
  readonly #all: Bucket;
  readonly #addresses = new Map<string, Bucket>();

  constructor(clock: Clock, rates: HandshakeRates) {
    this.#clock = clock;
    this.#rates = rates;
    this.#all = { tokens: rates.inAll * BURST_S, atMs: clock.monotonicMs() };
  }

  /** Takes a handshake; false when it is one too many. */
  take(address: string): boolean {
    const { perAddress, inAll } = this.#rates;
    const own = this.#bucketOf(address);
    this.#fill(own, perAddress);
    this.#fill(this.#all, inAll);
    if (own.tokens < 1 || this.#all.tokens < 1) return false;
    own.tokens--;
    this.#all.tokens--;
    return true;
  }

  #bucketOf(address: string): Bucket {
    const known = this.#addresses.get(address);
    const bucket = known ?? {
      tokens: this.#rates.perAddress * BURST_S,
      atMs: this.#clock.monotonicMs(),
    };
    // Set again at the end: the first of the map is the one not heard of for longest.
    this.#addresses.delete(address);
    this.#addresses.set(address, bucket);
    if (this.#addresses.size > MAX_ADDRESSES) {
      const oldest = this.#addresses.keys().next();
      if (!oldest.done) this.#addresses.delete(oldest.value);
    }
    return bucket;
  }

  #fill(bucket: Bucket, perSecond: number): void {
    const nowMs = this.#clock.monotonicMs();
    bucket.tokens = Math.min(perSecond * BURST_S, bucket.tokens + ((nowMs - bucket.atMs) / 1e3) * perSecond);
    bucket.atMs = nowMs;
  }
}

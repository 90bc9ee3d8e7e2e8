import { Peer } from './peer.js';

/** Clients known at once; beyond it idle ones are forgotten, which costs them nothing. */
const DEFAULT_MAX_PEERS = 4096;

/** The peers of one socket. ROUTER does not tell when a peer leaves, so idle ones are forgotten in turn. */
export class PeerTable {
  readonly #peers = new Map<string, Peer>();
  readonly #maxPeers: number;

  constructor(maxPeers = DEFAULT_MAX_PEERS) {
    this.#maxPeers = maxPeers;
  }

  get size(): number {
    return this.#peers.size;
  }

  values(): Iterable<Peer> {
    return this.#peers.values();
  }

  get(routingId: Buffer): Peer {
    const name = routingId.toString('latin1');
    const known = this.#peers.get(name);
    if (known) return known;
    if (this.#peers.size >= this.#maxPeers) this.#forgetIdle();
    const peer = new Peer(routingId, name);
    this.#peers.set(name, peer);
    return peer;
  }

  forget(peer: Peer): void {
    this.#peers.delete(peer.name);
  }

  /** A quarter at once, so that a stream of strangers does not scan the table for each. */
  #forgetIdle(): void {
    let left = Math.ceil(this.#maxPeers / 4);
    for (const peer of this.#peers.values()) {
      if (left === 0) return;
      if (!peer.idle) continue;
      this.#peers.delete(peer.name);
      left--;
    }
  }
}

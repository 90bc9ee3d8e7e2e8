import { Peer } from './peer.js';

/** Clients known at once; beyond it idle ones are forgotten, which costs them nothing. */
const DEFAULT_MAX_PEERS = 4096;

/** The peers of one socket. ROUTER does not tell when a peer leaves, so idle ones are forgotten in turn. */
export class PeerTable {
  readonly #peers = new Map<string, Peer>();
  readonly #maxPeers: number;
  /** Who was heard last is often who is heard next, and comparing is cheaper than looking up. */
  #last: Peer | undefined;

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
    if (this.#last && sameBytes(this.#last.routingId, routingId)) return this.#last;
    const name = routingId.toString('latin1');
    let peer = this.#peers.get(name);
    if (!peer) {
      if (this.#peers.size >= this.#maxPeers) this.#forgetIdle();
      peer = new Peer(routingId, name);
      this.#peers.set(name, peer);
    }
    this.#last = peer;
    return peer;
  }

  forget(peer: Peer): void {
    this.#delete(peer);
  }

  /** A quarter at once, so that a stream of strangers does not scan the table for each. */
  #forgetIdle(): void {
    let left = Math.ceil(this.#maxPeers / 4);
    for (const peer of this.#peers.values()) {
      if (left === 0) return;
      if (!peer.idle) continue;
      this.#delete(peer);
      left--;
    }
  }

  #delete(peer: Peer): void {
    this.#peers.delete(peer.name);
    if (this.#last === peer) this.#last = undefined;
  }
}

function sameBytes(one: Uint8Array, other: Uint8Array): boolean {
  if (one.length !== other.length) return false;
  for (let i = 0; i < one.length; i++) if (one[i] !== other[i]) return false;
  return true;
}

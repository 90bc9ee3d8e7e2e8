import type { Rng } from '../../../runtime/index.js';
import type { OutgoingCall } from '../../transport/index.js';
import type { HostLink } from './host-link.js';
import { rendezvousOrder } from './rendezvous.js';

/** Chooses the host of a call. */
export interface Routing {
  /** @returns undefined where none is well, or may be asked in place of the one that is not */
  choose(call: OutgoingCall): HostLink | undefined;
  /** Where the call may go if `taken` did not or might not answer; undefined = nowhere. */
  instead(call: OutgoingCall, taken: readonly HostLink[]): HostLink | undefined;
}

/** One host as long as it is well, then the next: for services whose hosts are not equal. */
export class InOrder implements Routing {
  #current = 0;

  constructor(
    private readonly links: readonly HostLink[],
    private readonly onMove: (from: HostLink, to: HostLink) => void,
  ) {}

  choose(): HostLink | undefined {
    const { links } = this;
    for (let step = 0; step < links.length; step++) {
      const index = (this.#current + step) % links.length;
      const link = links[index] as HostLink;
      if (!link.well) continue;
      if (step > 0) this.onMove(links[this.#current] as HostLink, link);
      this.#current = index;
      return link;
    }
    return undefined;
  }

  instead(_call: OutgoingCall, taken: readonly HostLink[]): HostLink | undefined {
    return this.links.find((link) => link.well && !taken.includes(link));
  }
}

/**
 * The better of two random hosts, by what its answers take and how many it owes: nearly as good as the best of all,
 * without every client running to the same one (Mitzenmacher, 2001).
 */
export class Balanced implements Routing {
  constructor(
    private readonly links: readonly HostLink[],
    private readonly rng: Rng,
  ) {}

  choose(): HostLink | undefined {
    return this.#betterOfTwo(this.links.filter(({ well }) => well));
  }

  instead(_call: OutgoingCall, taken: readonly HostLink[]): HostLink | undefined {
    return this.#betterOfTwo(this.links.filter((link) => link.well && !taken.includes(link)));
  }

  #betterOfTwo(links: readonly HostLink[]): HostLink | undefined {
    if (links.length < 2) return links[0];
    const first = this.rng.integer(links.length);
    const second = (first + 1 + this.rng.integer(links.length - 1)) % links.length;
    const [one, other] = [links[first] as HostLink, links[second] as HostLink];
    return costOf(other) < costOf(one) ? other : one;
  }
}

/** Every key has its host, for as long as the hosts are the same. */
export class Sharded implements Routing {
  readonly #names: readonly string[];

  constructor(
    private readonly links: readonly HostLink[],
    private readonly keyOf: (call: OutgoingCall) => string | undefined,
    /** What happens to the keys of a host that is not well. */
    private readonly whenDown: 'error' | 'next',
    /** For calls without a key. */
    private readonly others: Routing,
  ) {
    this.#names = links.map(({ name }) => name);
  }

  choose(call: OutgoingCall): HostLink | undefined {
    const key = this.keyOf(call);
    if (key === undefined) return this.others.choose(call);
    const [own, ...next] = this.#order(key);
    // What it knows is nowhere else: whether it is well, its own connection finds out.
    if (this.whenDown === 'error' || own?.well === true) return own;
    return next.find(({ well }) => well);
  }

  instead(call: OutgoingCall, taken: readonly HostLink[]): HostLink | undefined {
    const key = this.keyOf(call);
    if (key === undefined) return this.others.instead(call, taken);
    if (this.whenDown === 'error') return undefined;
    return this.#order(key).find((link) => link.well && !taken.includes(link));
  }

  #order(key: string): HostLink[] {
    return rendezvousOrder(this.#names, key).map((index) => this.links[index] as HostLink);
  }
}

/** A host nobody has asked yet costs nothing, so that it is asked. */
function costOf({ latency, inFlight }: HostLink): number {
  return latency.valueMs * (inFlight + 1);
}

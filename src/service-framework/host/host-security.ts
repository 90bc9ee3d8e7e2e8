import { Context } from 'zeromq';
import { type Clock, invalidArgument, type Logger } from '../../runtime/index.js';
import { ROLES, type Role } from '../handler/index.js';
import {
  type CurveServerOptions,
  type DomainGuard,
  type HandshakeCounts,
  type HandshakeRates,
  KeyFolder,
  type KeyPair,
  WatchedAllowList,
  ZapHandler,
} from '../security/index.js';

/** Who may talk to a host over CURVE. */
export interface HostCurveOptions {
  /** The folder of keys: `NAME.key` is the host's own, `allow/ROLE` the clients of each role. */
  readonly folder: string;
  /** Name of the host's own key. Default `host`. */
  readonly name?: string;
  /** Roles whose keys may subscribe to events. Default: all. */
  readonly eventRoles?: readonly Role[];
  /** Handshakes a second. Default: 50 from one address, 200 in all. */
  readonly handshakes?: Partial<HandshakeRates>;
  /** Time between two looks at the lists, ms. Default 1,000. */
  readonly pollMs?: number;
}

export const EVENTS_DOMAIN = 'events';
const DEFAULT_RATES: HandshakeRates = { perAddress: 50, inAll: 200 };
const DEFAULT_POLL_MS = 1_000;

/** One domain: whoever stands on one of its lists may connect. */
class Domain implements DomainGuard {
  /** Keys that may have a connection now. */
  readonly #connected = new Set<string>();
  readonly #lists: readonly WatchedAllowList[];
  cut: () => void = () => undefined;

  constructor(lists: readonly WatchedAllowList[]) {
    this.#lists = lists;
    for (const list of lists) list.watch((keys) => this.#revoked(keys));
  }

  nameOf(publicKey: string): string | undefined {
    for (const list of this.#lists) {
      const name = list.nameOf(publicKey);
      if (name !== undefined) return name;
    }
    return undefined;
  }

  accepted(publicKey: string): void {
    this.#connected.add(publicKey);
  }

  #revoked(keys: readonly string[]): void {
    if (!keys.some((key) => this.#connected.has(key) && this.nameOf(key) === undefined)) return;
    this.#connected.clear();
    this.cut();
  }
}

/** The keys, lists and handshake checks of one host's CURVE endpoints. */
export class HostSecurity {
  readonly #keys: KeyPair;
  readonly #lists = new Map<Role, WatchedAllowList>();
  readonly #domains = new Map<string, Domain>();
  /** A context of its own: each has room for one checker of handshakes, and hosts do not share theirs. */
  readonly #context = new Context();
  readonly #zap: ZapHandler;

  /**
   * @param roles those with an endpoint of their own
   * @throws ServiceError NOT_FOUND, FAILED_PRECONDITION, INVALID_ARGUMENT when a key or list may not be used as it is
   */
  constructor(
    options: HostCurveOptions,
    roles: readonly Role[],
    host: { clock: Clock; logger: Logger; full(): boolean },
  ) {
    const { clock, logger, full } = host;
    const { eventRoles = ROLES, pollMs = DEFAULT_POLL_MS } = options;
    const rates = { ...DEFAULT_RATES, ...options.handshakes };
    for (const [name, rate] of Object.entries({ ...rates, pollMs }))
      if (!(rate > 0)) throw invalidArgument(`curve.${name}`, rate, 'a positive number');
    const folder = new KeyFolder(options.folder);
    this.#keys = folder.pair(options.name ?? 'host');
    for (const role of new Set([...roles, ...eventRoles]))
      this.#lists.set(role, new WatchedAllowList({ file: folder.listFile(role), clock, logger, pollMs }));
    const listsOf = (named: readonly Role[]): WatchedAllowList[] =>
      named.flatMap((role) => this.#lists.get(role) ?? []);
    for (const role of roles) this.#domains.set(role, new Domain(listsOf([role])));
    this.#domains.set(EVENTS_DOMAIN, new Domain(listsOf(eventRoles)));
    this.#zap = new ZapHandler({
      context: this.#context,
      clock,
      logger,
      domains: this.#domains,
      rates,
      full,
    });
  }

  /** Must be done before the endpoints are bound. */
  async start(): Promise<void> {
    await this.#zap.start();
    for (const list of this.#lists.values()) list.start();
  }

  /** The host's own public key: what its clients must know. */
  get publicKey(): string {
    return this.#keys.publicKey;
  }

  get open(): boolean {
    return this.#zap.open;
  }

  /** What makes a socket an endpoint of the domain. */
  endpoint(domain: string): CurveServerOptions {
    return { context: this.#context, keys: this.#keys, domain };
  }

  /** Calls `cut` when a key that may be connected to the domain has lost its place. */
  onRevoked(domain: string, cut: () => void): void {
    const found = this.#domains.get(domain);
    if (found) found.cut = cut;
  }

  counts(): HandshakeCounts {
    return this.#zap.counts();
  }

  /** Looks at the lists now instead of at the next turn. */
  reload(): void {
    for (const list of this.#lists.values()) list.reload();
  }

  close(): void {
    for (const list of this.#lists.values()) list.stop();
    this.#zap.close();
  }
}

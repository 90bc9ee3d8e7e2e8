import { ServiceError, sleep } from '../../runtime/index.js';
import type { Role } from '../handler/index.js';
import {
  type Finish,
  type InboundRequest,
  type PendingRequest,
  requireMainThread,
} from '../transport/index.js';
import { ConnectionGuard, type Guarded } from './connection-guard.js';
import type { ConnectionWatch } from './connection-watch.js';
import { readDescriptors, roomForConnections } from './descriptors.js';
import type { EventHub } from './event-hub.js';
import { EventSocket } from './event-socket.js';
import type { BoundEndpoints, SocketCounts } from './host-info.js';
import type { ResolvedHostOptions } from './host-options.js';
import { EVENTS_DOMAIN, HostSecurity } from './host-security.js';
import { type ListenOptions, type RoleEndpoint, requestEndpoints } from './listen-options.js';
import { checkIpcFree, probeEndpoint } from './port-probe.js';
import { Reopening } from './reopening.js';
import { RequestSocket } from './request-socket.js';

/** Time for the last replies to leave the process after everything has ended, ms. */
const FLUSH_MS = 1_000;
/**
 * Between the last reply and the end of the connection, ms. A client's socket with `immediate` throws
 * away what it has received and not yet handed over at the moment it learns that the connection is gone
 * (libzmq 4.3.5: the hiccup terminates the pipe without delay), so the two must not arrive together.
 */
const SETTLE_MS = 100;
/** Replies joined into one message; more would make small replies wait for large ones. */
const BATCH_BYTES = 256 * 1024;

/** What the sockets that were closed by a cut have counted. */
const NO_COUNTS = { received: 0, sent: 0, dropped: 0, peersCutOff: 0, repliesLost: 0 };
const REVOKED = 'the key of a connected client was revoked';

/** The sockets of a host: held here, because a socket that nobody references closes silently. */
export class HostSockets {
  readonly #options: ResolvedHostOptions;
  readonly #events: EventHub;
  readonly #submit: (request: InboundRequest, finish: Finish) => PendingRequest;
  readonly #requests: Reopening<RequestSocket>[] = [];
  #event: Reopening<EventSocket> | undefined;
  #security: HostSecurity | undefined;
  #guard: ConnectionGuard | undefined;
  /** Cuts of the event endpoint because of its subscriptions. */
  #floods = 0;
  #endpoints: BoundEndpoints = {};
  #retired = NO_COUNTS;

  constructor(
    options: ResolvedHostOptions,
    events: EventHub,
    submit: (request: InboundRequest, finish: Finish) => PendingRequest,
  ) {
    this.#options = options;
    this.#events = events;
    this.#submit = submit;
  }

  /** No more connections are wanted. */
  get full(): boolean {
    return this.#guard?.full ?? false;
  }

  /** As bound; nothing before. */
  get endpoints(): BoundEndpoints {
    return this.#endpoints;
  }

  /** @throws ServiceError when the endpoints may not be bound or the keys not used; nothing has been opened then */
  check(listen: ListenOptions): void {
    requireMainThread();
    if (this.#requests.length > 0) throw new ServiceError('FAILED_PRECONDITION', 'the host listens already');
    const { clock, logger, maxResidentBytes } = this.#options;
    const maxConnections = roomForConnections(readDescriptors(), this.#options.maxConnections);
    const sockets = () => this.#guarded();
    this.#guard = new ConnectionGuard({ clock, logger, maxConnections, maxResidentBytes, sockets });
    const roles = requestEndpoints(listen).map(({ role }) => role);
    if ('curve' in listen)
      this.#security = new HostSecurity(listen.curve, roles, { clock, logger, full: () => this.full });
  }

  /** @returns the endpoints as bound */
  async bind(listen: ListenOptions): Promise<BoundEndpoints> {
    const { clock } = this.#options;
    const wanted = requestEndpoints(listen);
    await this.#security?.start();
    const roles: Partial<Record<Role, string>> = {};
    for (const { role, endpoint } of wanted) {
      await checkIpcFree(endpoint, 'request', clock);
      roles[role] = await this.#openRequests({ role, endpoint });
    }
    let events: string | undefined;
    if (listen.events !== undefined) {
      await checkIpcFree(listen.events, 'events', clock);
      events = await this.#openEvents(listen.events);
    }
    const bound = this.#security
      ? { roles, serverKey: this.#security.publicKey }
      : { request: roles.admin ?? '' };
    this.#guard?.start();
    this.#endpoints = { ...bound, ...(events === undefined ? {} : { events }) };
    return this.#endpoints;
  }

  counts(): SocketCounts {
    const total = { ...this.#retired };
    let [waitingBytes, peers] = [0, 0];
    for (const { socket } of this.#requests) {
      addCounts(total, socket);
      waitingBytes += socket.writer.waitingBytes;
      peers += socket.peers;
    }
    const handshakes = this.#security?.counts();
    return {
      ...total,
      waitingBytes,
      peers,
      connections: this.#guarded().reduce((sum, { connections }) => sum + connections.open, 0),
      endpointsCut: (this.#guard?.cuts ?? 0) + this.#floods,
      eventsPublished: this.#events.published,
      handshakesAccepted: handshakes?.handshakesAccepted ?? 0,
      handshakesRefused: handshakes?.handshakesRefused ?? 0,
      handshakesLimited: handshakes?.handshakesLimited ?? 0,
    };
  }

  /** Asks every port from outside whether it is open; one whose handshakes nobody checks is not. */
  probe(): Promise<{ readonly endpoint: string; readonly open: boolean }[]> {
    const checked = this.#security?.open ?? true;
    const probed = [...this.#requests, ...(this.#event ? [this.#event] : [])];
    return Promise.all(
      probed.flatMap(({ endpoint, socket }) =>
        endpoint === undefined
          ? []
          : [
              probeEndpoint(endpoint, this.#options.clock).then((open) => ({
                endpoint,
                open: open && checked && socket.open,
              })),
            ],
      ),
    );
  }

  /** Looks at the lists of client keys now. */
  reloadKeys(): void {
    this.#security?.reload();
  }

  /** Lets the last replies and events go, then closes. */
  async close(): Promise<void> {
    const busy = this.#requests.filter(({ socket }) => socket.peers > 0);
    if (busy.length > 0) {
      await Promise.all(busy.map(({ socket }) => socket.writer.whenEmpty(FLUSH_MS)));
      await sleep(this.#options.clock, SETTLE_MS);
    }
    this.#guard?.stop();
    this.#events.connect(undefined);
    await Promise.all([...this.#requests.map((each) => each.close()), this.#event?.close()]);
    this.#security?.close();
  }

  async #openRequests({ role, endpoint }: RoleEndpoint): Promise<string> {
    const { deafMs, stalledMs, peerQueueBytes, totalQueueBytes, clock, logger } = this.#options;
    const opened = new Reopening<RequestSocket>({
      clock,
      logger,
      create: () =>
        new RequestSocket({
          ...this.#common(),
          clock,
          deafMs,
          stalledMs,
          peerQueueBytes,
          totalQueueBytes,
          batchBytes: BATCH_BYTES,
          role,
          curve: this.#security?.endpoint(role),
          submit: this.#submit,
        }),
      retired: (socket) => {
        const total = { ...this.#retired };
        addCounts(total, socket);
        this.#retired = total;
      },
    });
    this.#requests.push(opened);
    this.#security?.onRevoked(role, () => opened.cut(REVOKED));
    return opened.bind(endpoint);
  }

  async #openEvents(endpoint: string): Promise<string> {
    const { clock, logger } = this.#options;
    const opened: Reopening<EventSocket> = new Reopening({
      clock,
      logger,
      create: () =>
        new EventSocket({
          ...this.#common(),
          curve: this.#security?.endpoint(EVENTS_DOMAIN),
          onFlood: () => {
            this.#floods++;
            opened.cut('too many subscriptions');
          },
        }),
      retired: () => this.#events.connect(undefined),
      replaced: (socket) => this.#events.connect(socket),
    });
    this.#event = opened;
    this.#security?.onRevoked(EVENTS_DOMAIN, () => opened.cut(REVOKED));
    const bound = await opened.bind(endpoint);
    this.#events.connect(opened.socket);
    return bound;
  }

  #guarded(): Guarded[] {
    return [...this.#requests, ...(this.#event ? [this.#event] : [])].map((opened) => ({
      connections: opened.socket.connections,
      cut: (why, closedMs) => opened.cut(why, closedMs),
    }));
  }

  #common() {
    const { limits, highWaterMark, logger } = this.#options;
    const onConnection = (watch: ConnectionWatch): void => this.#guard?.onConnection(watch);
    return { logger, limits, highWaterMark, lingerMs: FLUSH_MS, onConnection };
  }
}

function addCounts(total: typeof NO_COUNTS, { received, dropped, writer }: RequestSocket): void {
  total.received += received;
  total.dropped += dropped;
  total.sent += writer.sent;
  total.peersCutOff += writer.cutOff;
  total.repliesLost += writer.lost;
}

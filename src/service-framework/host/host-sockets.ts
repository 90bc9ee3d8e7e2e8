import { ServiceError, sleep } from '../../runtime/index.js';
import { checkPlainEndpoint } from '../security/index.js';
import {
  type Finish,
  type InboundRequest,
  type PendingRequest,
  requireMainThread,
} from '../transport/index.js';
import type { EventHub } from './event-hub.js';
import { EventSocket } from './event-socket.js';
import type { HostEndpoints, SocketCounts } from './host-info.js';
import type { ResolvedHostOptions } from './host-options.js';
import { checkIpcFree, probeEndpoint } from './port-probe.js';
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

export interface ListenOptions {
  /** `tcp://127.0.0.1:PORT` (0 or * = any free one), `tcp://[::1]:PORT` or `ipc://PATH`. */
  readonly request: string;
  /** Where events are published; absent = only inside the process. */
  readonly events?: string;
}

/** The sockets of a host: held here, because a socket that nobody references closes silently. */
export class HostSockets {
  readonly #options: ResolvedHostOptions;
  readonly #events: EventHub;
  readonly #submit: (request: InboundRequest, finish: Finish) => PendingRequest;
  #request: RequestSocket | undefined;
  #event: EventSocket | undefined;
  #endpoints: HostEndpoints | undefined;

  constructor(
    options: ResolvedHostOptions,
    events: EventHub,
    submit: (request: InboundRequest, finish: Finish) => PendingRequest,
  ) {
    this.#options = options;
    this.#events = events;
    this.#submit = submit;
  }

  /** @throws ServiceError when the endpoints may not be bound; nothing has been opened then */
  check(listen: ListenOptions): void {
    requireMainThread();
    if (this.#request) throw new ServiceError('FAILED_PRECONDITION', 'the host listens already');
    checkPlainEndpoint(listen.request, 'request');
    if (listen.events !== undefined) checkPlainEndpoint(listen.events, 'events');
  }

  /** @returns the endpoints as bound */
  async bind(listen: ListenOptions): Promise<HostEndpoints> {
    const { limits, highWaterMark, logger, deafMs, stalledMs, peerQueueBytes, totalQueueBytes, clock } =
      this.#options;
    const common = { logger, limits, highWaterMark, lingerMs: FLUSH_MS };
    this.#request = new RequestSocket({
      ...common,
      clock,
      deafMs,
      stalledMs,
      peerQueueBytes,
      totalQueueBytes,
      batchBytes: BATCH_BYTES,
      // Plain sockets are for this machine only, and whoever is on it may do everything.
      role: 'admin',
      submit: this.#submit,
    });
    await checkIpcFree(listen.request, 'request', clock);
    const request = await this.#request.bind(listen.request);
    if (listen.events === undefined) this.#endpoints = { request };
    else {
      await checkIpcFree(listen.events, 'events', clock);
      this.#event = new EventSocket(common);
      this.#endpoints = { request, events: await this.#event.bind(listen.events) };
      this.#events.connect(this.#event);
    }
    return this.#endpoints;
  }

  counts(): SocketCounts {
    const writer = this.#request?.writer;
    return {
      received: this.#request?.received ?? 0,
      sent: writer?.sent ?? 0,
      dropped: this.#request?.dropped ?? 0,
      peersCutOff: writer?.cutOff ?? 0,
      repliesLost: writer?.lost ?? 0,
      waitingBytes: writer?.waitingBytes ?? 0,
      peers: this.#request?.peers ?? 0,
      eventsPublished: this.#events.published,
    };
  }

  /** Asks every port from outside whether it is open. */
  probe(): Promise<{ readonly endpoint: string; readonly open: boolean }[]> {
    const { request, events } = this.#endpoints ?? {};
    const probed = [
      { endpoint: request, alive: this.#request?.open === true },
      { endpoint: events, alive: this.#event?.open === true },
    ];
    return Promise.all(
      probed.flatMap(({ endpoint, alive }) =>
        endpoint === undefined
          ? []
          : [
              probeEndpoint(endpoint, this.#options.clock).then((open) => ({
                endpoint,
                open: open && alive,
              })),
            ],
      ),
    );
  }

  /** Lets the last replies and events go, then closes. */
  async close(): Promise<void> {
    if (this.#request && this.#request.peers > 0) {
      await this.#request.writer.whenEmpty(FLUSH_MS);
      await sleep(this.#options.clock, SETTLE_MS);
    }
    this.#events.connect(undefined);
    this.#request?.close();
    this.#event?.close();
  }
}

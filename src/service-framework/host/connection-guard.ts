import type { Clock, Logger, Timer } from '../../runtime/index.js';
import { residentMemory } from '../telemetry/index.js';
import type { ConnectionWatch } from './connection-watch.js';

/** A listening socket that can be rid of all its connections. */
export interface Guarded {
  readonly connections: ConnectionWatch;
  cut(why: string, closedMs: number): void;
}

export interface ConnectionGuardOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  /** Connections from which on no more are wanted. */
  readonly maxConnections: number;
  /** Resident memory at which connections are cut, bytes. */
  readonly maxResidentBytes: number;
  sockets(): readonly Guarded[];
}

/** Above the bound by this much, connections that nobody could refuse are cut: a part, and at least so many. */
const MARGIN_FRACTION = 1 / 16;
const LEAST_MARGIN = 16;
/** The socket library gives no way to close a single connection, and everyone comes back: not too often. */
const CUT_EVERY_MS = 5_000;
/** Without a descriptor left there is no choice. */
const CUT_FAILED_EVERY_MS = 250;
/** An endpoint that was cut stays closed for so long, or those who wait at its door would come in at once. */
const CLOSED_MS = 1_000;
const LOOK_EVERY_MS = 500;
/** After a cut the memory may grow by this much before the next: it may be the host's own. */
const MEMORY_STEP_BYTES = 256 * 1024 * 1024;

/**
 * Keeps the host below what the system allows it: file descriptors, and memory that grows where the socket
 * library keeps what is no message yet and nobody can count it. Where handshakes are checked newcomers are
 * refused; where that is not enough, the endpoint with the most connections is cut and opened again.
 */
export class ConnectionGuard {
  readonly #options: ConnectionGuardOptions;
  #cutAtMs = Number.NEGATIVE_INFINITY;
  #memoryLine: number;
  #timer: Timer | undefined;
  /** Endpoints that were cut. */
  cuts = 0;

  constructor(options: ConnectionGuardOptions) {
    this.#options = options;
    this.#memoryLine = options.maxResidentBytes;
  }

  /** No more connections are wanted. Those that have not introduced themselves may never do. */
  get full(): boolean {
    const silent = this.#options.sockets().reduce((sum, { connections }) => sum + connections.silent, 0);
    return this.#open() - silent >= this.#options.maxConnections;
  }

  start(): void {
    const { clock } = this.#options;
    this.#lookAtMemory();
    this.#timer = clock.schedule(LOOK_EVERY_MS, () => this.start(), { background: true });
  }

  stop(): void {
    this.#timer?.cancel();
  }

  /** A connection has come, or there was no descriptor left for one. */
  onConnection(watch: ConnectionWatch): void {
    const { maxConnections } = this.#options;
    const margin = Math.max(LEAST_MARGIN, maxConnections * MARGIN_FRACTION);
    const failed = watch.acceptsFailed > 0;
    watch.acceptsFailed = 0;
    if (failed) this.#cut('there was no file descriptor left', CUT_FAILED_EVERY_MS);
    else if (this.#open() > maxConnections + margin) this.#cut('too many connections', CUT_EVERY_MS);
  }

  #open(): number {
    return this.#options.sockets().reduce((sum, { connections }) => sum + connections.open, 0);
  }

  #lookAtMemory(): void {
    const residentBytes = residentMemory();
    if (residentBytes === undefined || residentBytes < this.#memoryLine) return;
    this.#memoryLine = residentBytes + MEMORY_STEP_BYTES;
    for (const socket of this.#options.sockets()) this.#cutOne(socket, 'the host has too much memory in use');
  }

  /** The one with the most that are silent, or with the most. */
  #cut(why: string, everyMs: number): void {
    const nowMs = this.#options.clock.monotonicMs();
    if (nowMs - this.#cutAtMs < everyMs) return;
    this.#cutAtMs = nowMs;
    const [worst] = [...this.#options.sockets()].sort(
      ({ connections: a }, { connections: b }) => b.silent - a.silent || b.open - a.open,
    );
    if (worst) this.#cutOne(worst, why);
  }

  #cutOne(socket: Guarded, why: string): void {
    this.cuts++;
    const { open, silent } = socket.connections;
    this.#options.logger.warn({ open, silent, why }, 'the connections of an endpoint are cut');
    socket.cut(why, CLOSED_MS);
  }
}

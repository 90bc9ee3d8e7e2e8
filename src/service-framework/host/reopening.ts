import { type Clock, type Logger, ServiceError, sleep } from '../../runtime/index.js';

/** What a listening socket of the host has in common, whatever it is for. */
export interface ListeningSocket {
  readonly open: boolean;
  bind(endpoint: string): Promise<string>;
  close(): void;
  /** Closes at once, with every connection, and frees the address. */
  cut(): Promise<void>;
}

export interface ReopeningOptions<S extends ListeningSocket> {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly create: () => S;
  /** A socket is closed, and another one will stand in for it. */
  readonly retired: (socket: S) => void;
  /** Another one stands in for it. */
  readonly replaced?: (socket: S) => void;
}

/** The system frees an address a moment after its socket was closed. */
const REBIND_WAIT_MS = 5;
const REBIND_TRIES = 400;

/**
 * A listening socket that can cut all its connections: the socket library closes none by itself, so the socket is
 * closed and another one opened at the same address. Whoever may, connects again by itself.
 */
export class Reopening<S extends ListeningSocket> {
  readonly #options: ReopeningOptions<S>;
  #socket: S;
  #endpoint: string | undefined;
  #closed = false;
  #cutting: Promise<void> | undefined;

  constructor(options: ReopeningOptions<S>) {
    this.#options = options;
    this.#socket = options.create();
  }

  get socket(): S {
    return this.#socket;
  }

  /** As bound; undefined before. */
  get endpoint(): string | undefined {
    return this.#endpoint;
  }

  /** @returns the endpoint as bound */
  async bind(endpoint: string): Promise<string> {
    this.#endpoint = await this.#socket.bind(endpoint);
    return this.#endpoint;
  }

  /**
   * Ends every connection, and opens again after `closedMs`: those who wait at the door are refused meanwhile.
   * Never rejects; a call while one runs is done after it.
   */
  cut(why: string, closedMs = 0): void {
    const before = this.#cutting ?? Promise.resolve();
    this.#cutting = before.then(() => this.#cut(why, closedMs));
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#cutting;
    this.#socket.close();
  }

  async #cut(why: string, closedMs: number): Promise<void> {
    const { clock, logger, retired, create, replaced } = this.#options;
    const endpoint = this.#endpoint;
    if (this.#closed || endpoint === undefined) return;
    try {
      await this.#socket.cut();
      retired(this.#socket);
      if (closedMs > 0) await sleep(clock, closedMs);
      // The host may have been closed meanwhile, and then nobody would close another socket.
      if (this.#closed) return;
      this.#socket = create();
      await this.#rebind(endpoint);
      replaced?.(this.#socket);
      logger.warn({ endpoint, why }, 'all connections of an endpoint were cut');
    } catch (err) {
      logger.fatal({ err, endpoint }, 'an endpoint could not be opened again');
    }
  }

  async #rebind(endpoint: string): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        await this.#socket.bind(endpoint);
        return;
      } catch (thrown) {
        if (this.#closed || attempt === REBIND_TRIES) throw ServiceError.from(thrown);
        await sleep(this.#options.clock, REBIND_WAIT_MS);
      }
    }
  }
}

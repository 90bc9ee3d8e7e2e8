import { type Context, Reply } from 'zeromq';
import type { Clock, Logger } from '../../runtime/index.js';
import { HandshakeLimiter, type HandshakeRates } from './handshake-limiter.js';
import { readZapRequest, type ZapRequest, type ZapStatus, zapReply } from './zap-message.js';

/** Where the socket library looks for whoever decides about handshakes, in its own context. */
const ZAP_ENDPOINT = 'inproc://zeromq.zap.01';
/** Refusals are logged one at a time, at most so often: they are a stranger's choice. */
const LOG_INTERVAL_MS = 1_000;

/** Decides who may connect to the endpoints of one domain. */
export interface DomainGuard {
  /** The name of whom a key belongs to; undefined = refused. */
  nameOf(publicKey: string): string | undefined;
  /** A key has been let in. */
  accepted?(publicKey: string): void;
}

export interface ZapHandlerOptions {
  /** The sockets it decides for must be of this context. */
  readonly context: Context;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly domains: ReadonlyMap<string, DomainGuard>;
  readonly rates: HandshakeRates;
  /** There is no room for another connection. Default: there always is. */
  full?(): boolean;
}

export interface HandshakeCounts {
  readonly handshakesAccepted: number;
  /** Key unknown, or no CURVE. */
  readonly handshakesRefused: number;
  /** Turned away by the rate limit, or for want of room. */
  readonly handshakesLimited: number;
}

/**
 * Answers every handshake of the CURVE endpoints of a context: only keys of the endpoint's own list get in. The
 * endpoints enforce their domain, so that with this handler stopped, stuck or absent nobody gets in.
 *
 * Known and unknown keys are limited apart, so that a stranger who keeps knocking keeps nobody out.
 */
export class ZapHandler {
  readonly #options: ZapHandlerOptions;
  readonly #socket: Reply;
  readonly #known: HandshakeLimiter;
  readonly #unknown: HandshakeLimiter;
  #accepted = 0;
  #refused = 0;
  #limited = 0;
  #failed = false;
  #loggedMs = Number.NEGATIVE_INFINITY;
  #unlogged = 0;

  constructor(options: ZapHandlerOptions) {
    this.#options = options;
    this.#socket = new Reply({ context: options.context, linger: 0 });
    this.#known = new HandshakeLimiter(options.clock, options.rates);
    this.#unknown = new HandshakeLimiter(options.clock, options.rates);
  }

  /** Must be done before the endpoints are bound. */
  async start(): Promise<void> {
    await this.#socket.bind(ZAP_ENDPOINT);
    void this.#serve();
  }

  get open(): boolean {
    return !this.#socket.closed && !this.#failed;
  }

  counts(): HandshakeCounts {
    return {
      handshakesAccepted: this.#accepted,
      handshakesRefused: this.#refused,
      handshakesLimited: this.#limited,
    };
  }

  /** From now on nobody gets in. */
  close(): void {
    this.#socket.close();
  }

  async #serve(): Promise<void> {
    while (!this.#socket.closed) {
      try {
        const frames = await this.#socket.receive();
        const request = readZapRequest(frames);
        const { status, user } = this.#decide(request);
        await this.#socket.send(zapReply(request.requestId, status, user));
      } catch (err) {
        if (this.#socket.closed) return;
        this.#failed = true;
        this.#options.logger.fatal({ err }, 'handshakes can no longer be checked: nobody gets in');
        return;
      }
    }
  }

  #decide(request: ZapRequest): { readonly status: ZapStatus; readonly user?: string } {
    const { domain, address, publicKey } = request;
    const guard = this.#options.domains.get(domain);
    const user = publicKey === undefined ? undefined : guard?.nameOf(publicKey);
    if (!(user === undefined ? this.#unknown : this.#known).take(address)) {
      this.#limited++;
      this.#log(request, 'too many handshakes');
      // Who is known will be let in later, and may know it.
      return { status: user === undefined ? '400' : '500' };
    }
    if (user === undefined || publicKey === undefined) {
      this.#refused++;
      this.#log(request, 'a handshake was refused');
      return { status: '400' };
    }
    if (this.#options.full?.()) {
      this.#limited++;
      this.#log(request, 'there is no room for another connection');
      return { status: '500' };
    }
    this.#accepted++;
    guard?.accepted?.(publicKey);
    return { status: '200', user };
  }

  #log({ domain, address, mechanism, publicKey }: ZapRequest, what: string): void {
    const nowMs = this.#options.clock.monotonicMs();
    if (nowMs - this.#loggedMs < LOG_INTERVAL_MS) {
      this.#unlogged++;
      return;
    }
    const more = this.#unlogged > 0 ? { notLogged: this.#unlogged } : {};
    this.#options.logger.warn({ domain, address, mechanism, publicKey, ...more }, what);
    this.#loggedMs = nowMs;
    this.#unlogged = 0;
  }
}

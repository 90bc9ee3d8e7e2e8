import { type Clock, type Logger, ServiceError, type Timer } from '../../runtime/index.js';
import {
  type CallReply,
  ConnectionLoss,
  type ConnectionState,
  connectionLossOf,
  type EventListener,
  type OutgoingCall,
  type ReplySink,
  type Subscription,
  type Transport,
} from '../transport/index.js';

export interface FailoverOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  /** How long to look for a connection at all, ms. */
  readonly connectTimeoutMs: number;
  /** A host that was silent for this long is pinged, ms; 0 = never. */
  readonly pingIntervalMs: number;
}

interface Member {
  readonly transport: Transport;
  lastHeardMs: number;
  /** It is connected and does not answer: a process that hangs keeps its connections. */
  suspect: boolean;
  pinging: boolean;
}

/**
 * Several hosts as one: requests go to one host as long as it answers, then to the next. Events are
 * heard from all of them; their epochs tell them apart.
 */
export class FailoverTransport implements Transport {
  readonly #members: readonly Member[];
  readonly #options: FailoverOptions;
  #current = 0;
  #timer: Timer | undefined;
  #closed = false;

  constructor(transports: readonly Transport[], options: FailoverOptions) {
    this.#options = options;
    const lastHeardMs = options.clock.monotonicMs();
    this.#members = transports.map((transport) => ({
      transport,
      lastHeardMs,
      suspect: false,
      pinging: false,
    }));
    this.#watch();
  }

  get state(): ConnectionState {
    if (this.#closed) return 'closed';
    const states = this.#members.map(({ transport }) => transport.state);
    if (states.includes('connected')) return 'connected';
    return states.includes('connecting') ? 'connecting' : 'disconnected';
  }

  async whenConnected(): Promise<void> {
    await Promise.race(this.#members.map(({ transport }) => transport.whenConnected()));
  }

  request(call: OutgoingCall): Promise<CallReply> {
    const member = this.#choose();
    if (member) return this.#ask(member, call);
    return this.#askFirstConnected(call);
  }

  /** As `request`; without promises while there is a host to ask. */
  send(call: OutgoingCall, sink: ReplySink): void {
    const member = this.#choose();
    if (member?.transport.send) {
      member.transport.send(call, new HearingSink(this.#hear, member, sink));
      return;
    }
    this.request(call).then(
      (reply) => sink.replied(reply),
      (error) => sink.failed(ServiceError.from(error)),
    );
  }

  subscribe(topicPrefix: string, listener: EventListener): Subscription {
    const subscriptions = this.#members.map(({ transport }) => transport.subscribe(topicPrefix, listener));
    return {
      close: () => {
        for (const subscription of subscriptions) subscription.close();
      },
    };
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#timer?.cancel();
    await Promise.all(this.#members.map(({ transport }) => transport.close()));
  }

  /** The present host while it is well, else the next that is; undefined = wait for a connection. */
  #choose(): Member | undefined {
    const count = this.#members.length;
    // One host: its own transport knows best how long to wait for it.
    if (count === 1) return this.#members[0];
    for (const suspectToo of [false, true]) {
      for (let step = 0; step < count; step++) {
        const index = (this.#current + step) % count;
        const member = this.#members[index];
        if (member?.transport.state !== 'connected' || (member.suspect && !suspectToo)) continue;
        if (step > 0) this.#options.logger.warn({ from: this.#current, to: index }, 'failing over');
        this.#current = index;
        return member;
      }
    }
    return undefined;
  }

  async #askFirstConnected(call: OutgoingCall): Promise<CallReply> {
    const { clock, connectTimeoutMs } = this.#options;
    const limitMs = Math.min(connectTimeoutMs, call.timeoutMs);
    const startMs = clock.monotonicMs();
    await within(clock, this.whenConnected(), limitMs, call.signal);
    if (this.#closed || call.signal?.aborted)
      throw new ServiceError('CANCELLED', `${call.command}: the caller gave up`);
    const member = this.#choose();
    if (!member)
      throw new ServiceError(
        'UNAVAILABLE',
        `${call.command}: none of ${this.#members.length} hosts is connected`,
        {
          cause: new ConnectionLoss(false),
        },
      );
    const leftMs = call.timeoutMs - (clock.monotonicMs() - startMs);
    return this.#ask(member, { ...call, timeoutMs: Math.max(1, leftMs) });
  }

  #ask(member: Member, call: OutgoingCall): Promise<CallReply> {
    return member.transport.request(call).then(
      (reply) => {
        this.#heard(member);
        return reply;
      },
      (error) => {
        if (isFromHost(error)) this.#heard(member);
        throw error;
      },
    );
  }

  readonly #hear = (member: Member): void => this.#heard(member);

  #heard(member: Member): void {
    member.lastHeardMs = this.#options.clock.monotonicMs();
    member.suspect = false;
  }

  #watch(): void {
    const { clock, pingIntervalMs } = this.#options;
    if (pingIntervalMs <= 0 || this.#closed) return;
    this.#timer = clock.schedule(
      pingIntervalMs,
      () => {
        for (const member of this.#members) void this.#pingIfSilent(member);
        this.#watch();
      },
      { background: true },
    );
  }

  async #pingIfSilent(member: Member): Promise<void> {
    const { clock, logger, pingIntervalMs } = this.#options;
    const silentMs = clock.monotonicMs() - member.lastHeardMs;
    if (member.pinging || member.transport.state !== 'connected' || silentMs < pingIntervalMs) return;
    member.pinging = true;
    try {
      await this.#ask(member, { command: 'service.ping', timeoutMs: pingIntervalMs });
    } catch (err) {
      if (!isFromHost(err) && !this.#closed) {
        if (!member.suspect) logger.warn({ silentMs: Math.round(silentMs) }, 'a host does not answer');
        member.suspect = true;
      }
    } finally {
      member.pinging = false;
    }
  }
}

/** Whether an error is an answer, as opposed to the lack of one. */
function isFromHost(error: unknown): boolean {
  if (!(error instanceof ServiceError)) return false;
  if (error.code === 'DEADLINE_EXCEEDED' || error.code === 'CANCELLED') return false;
  return connectionLossOf(error) === undefined;
}

async function within(
  clock: Clock,
  work: Promise<void>,
  limitMs: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  let stop = (): void => undefined;
  const limit = new Promise<void>((resolve) => {
    const timer = clock.schedule(limitMs, resolve);
    const onAbort = (): void => resolve();
    signal?.addEventListener('abort', onAbort, { once: true });
    stop = () => {
      timer.cancel();
      signal?.removeEventListener('abort', onAbort);
    };
  });
  try {
    await Promise.race([work, limit]);
  } finally {
    stop();
  }
}

/** Notes that a member answered, and passes its answer on. */
class HearingSink implements ReplySink {
  constructor(
    private readonly heard: (member: Member) => void,
    private readonly member: Member,
    private readonly sink: ReplySink,
  ) {}

  replied(reply: CallReply): void {
    this.heard(this.member);
    this.sink.replied(reply);
  }

  failed(error: ServiceError): void {
    if (isFromHost(error)) this.heard(this.member);
    this.sink.failed(error);
  }
}

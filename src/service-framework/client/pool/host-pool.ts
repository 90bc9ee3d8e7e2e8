import { type Clock, invalidArgument, type Logger, type Rng, ServiceError } from '../../../runtime/index.js';
import {
  type CallReply,
  ConnectionLoss,
  type ConnectionState,
  type EventListener,
  type OutgoingCall,
  type OutgoingStream,
  type ReplySink,
  type StreamControl,
  type StreamReceiver,
  type Subscription,
  type SubscriptionNews,
  type Transport,
} from '../../transport/index.js';
import { CircuitBreaker, type CircuitBreakerOptions } from './circuit-breaker.js';
import { Heartbeats } from './heartbeats.js';
import { HedgedCall } from './hedged-call.js';
import { type HedgeOptions, Hedging } from './hedging.js';
import { HostLink } from './host-link.js';
import { Balanced, InOrder, type Routing, Sharded } from './routing.js';
import { TrackedCall, TrackedStream } from './tracked.js';
import { whenConnectedWithin } from './when-connected.js';

/** How the host of a call is chosen, where there are several. */
export interface RoutingOptions {
  /**
   * `ordered`: the first, and the next when it fails: hosts that are not equal, as with state of their own.
   * `balanced`: the faster of two random ones, by latency and calls in flight. Default `ordered`.
   */
  readonly routing?: 'ordered' | 'balanced';
  /** The shard key of a call, e.g. its symbol: all calls of a key go to one host. undefined = any host. */
  readonly shardBy?: ((command: string, payload: unknown) => string | undefined) | undefined;
  /** Calls whose shard's host is down: end with UNAVAILABLE (its state is there only), or go to the next. Default `error`. */
  readonly shardDown?: 'error' | 'next';
  /** Asks a second host where the first is slow. Default: nothing is. */
  readonly hedge?: HedgeOptions | undefined;
  /** Spares a host that fails, and its callers. false = never. */
  readonly breaker?: CircuitBreakerOptions | false;
}

export interface HostPoolOptions extends RoutingOptions {
  readonly clock: Clock;
  readonly rng: Rng;
  readonly logger: Logger;
  /** How long to look for a connection at all, ms. */
  readonly connectTimeoutMs: number;
  /** A host that was silent for this long is taken for one that hangs, ms; 0 = never. */
  readonly pingIntervalMs: number;
}

/** A host of the pool: its transport, and the name (endpoint) that its shards depend on. */
export interface PooledHost {
  readonly name: string;
  readonly transport: Transport;
}

/** Several hosts as one. Events are heard from all of them; their epochs tell them apart. */
export class HostPool implements Transport {
  readonly #links: readonly HostLink[];
  readonly #only: HostLink | undefined;
  readonly #options: HostPoolOptions;
  readonly #routing: Routing;
  readonly #hedging: Hedging | undefined;
  readonly #heartbeats: Heartbeats;
  #closed = false;

  /** @throws ServiceError INVALID_ARGUMENT for options that cannot be meant */
  constructor(hosts: readonly PooledHost[], options: HostPoolOptions) {
    const { clock, breaker, hedge } = options;
    const alone = hosts.length === 1;
    this.#options = options;
    this.#links = hosts.map(
      ({ name, transport }) =>
        new HostLink(
          name,
          transport,
          breaker === false ? undefined : new CircuitBreaker(breaker),
          clock,
          alone,
        ),
    );
    this.#only = alone ? this.#links[0] : undefined;
    this.#routing = this.#routingOf(options);
    this.#hedging = hedge === undefined || alone ? undefined : new Hedging(hedge);
    this.#heartbeats = new Heartbeats(this.#links, { ...options, intervalMs: options.pingIntervalMs });
  }

  get state(): ConnectionState {
    if (this.#closed) return 'closed';
    const states = this.#links.map(({ transport }) => transport.state);
    if (states.includes('connected')) return 'connected';
    return states.includes('connecting') ? 'connecting' : 'disconnected';
  }

  async whenConnected(): Promise<void> {
    await Promise.race(this.#links.map(({ transport }) => transport.whenConnected()));
  }

  request(call: OutgoingCall): Promise<CallReply> {
    return new Promise((replied, failed) => this.send(call, { replied, failed }));
  }

  send(call: OutgoingCall, sink: ReplySink): void {
    let link: HostLink | undefined;
    try {
      link = this.#choose(call);
    } catch (refused) {
      sink.failed(ServiceError.from(refused));
      return;
    }
    if (!this.#reaches(link)) {
      this.#whenConnected(link, call, sink, (later) => this.send(later, sink));
      return;
    }
    const hedging = this.#hedging;
    if (hedging?.covers(call.command, call.hedge, call.key)) this.#hedged(hedging, link, call, sink);
    else this.#ask(link, call, sink);
  }

  stream(call: OutgoingStream, receiver: StreamReceiver): StreamControl {
    const control = new MovingControl();
    let link: HostLink | undefined;
    try {
      link = this.#choose(call);
    } catch (refused) {
      receiver.failed(ServiceError.from(refused));
      return control;
    }
    if (this.#reaches(link)) this.#stream(link, call, receiver, control);
    else
      this.#whenConnected(link, call, receiver, (later) => {
        control.at = this.stream({ ...later, credit: call.credit }, receiver);
      });
    return control;
  }

  subscribe(topicPrefix: string, listener: EventListener, news?: SubscriptionNews): Subscription {
    const subscriptions = this.#links.map(({ transport }) =>
      transport.subscribe(topicPrefix, listener, news),
    );
    return {
      close: () => {
        for (const subscription of subscriptions) subscription.close();
      },
    };
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#heartbeats.stop();
    await Promise.all(this.#links.map(({ transport }) => transport.close()));
  }

  /** Whether no host that could be asked lets us in. */
  #shutOut(link: HostLink | undefined, command: string): ServiceError | undefined {
    const asked = link ? [link] : this.#links;
    const [first] = asked;
    if (asked.some(({ transport }) => transport.refusal === undefined)) return undefined;
    return new ServiceError('UNAUTHENTICATED', `${command}: ${first?.name}: ${first?.transport.refusal}`);
  }

  #routingOf({ routing = 'ordered', shardBy, shardDown = 'error', rng, logger }: HostPoolOptions): Routing {
    const plain =
      routing === 'balanced'
        ? new Balanced(this.#links, rng)
        : new InOrder(this.#links, (from, to) =>
            logger.warn({ from: from.name, to: to.name }, 'failing over'),
          );
    if (routing !== 'ordered' && routing !== 'balanced')
      throw invalidArgument('routing', routing, "'ordered' or 'balanced'");
    if (shardDown !== 'error' && shardDown !== 'next')
      throw invalidArgument('shardDown', shardDown, "'error' or 'next'");
    if (shardBy !== undefined && typeof shardBy !== 'function')
      throw invalidArgument('shardBy', shardBy, 'a function of command and payload');
    return new Sharded(this.#links, (call) => shardOf(call, shardBy), shardDown, plain);
  }

  /** The host to ask; undefined = none is connected. */
  #choose(call: OutgoingCall): HostLink | undefined {
    if (this.#only) return this.#only;
    return this.#routing.choose(call) ?? this.#links.find(({ connected }) => connected);
  }

  /** Whether a call can be handed to it now. One host by itself knows best how long to wait for a connection. */
  #reaches(link: HostLink | undefined): link is HostLink {
    return link !== undefined && (link === this.#only || link.connected);
  }

  #ask(link: HostLink, call: OutgoingCall, sink: ReplySink, taken: readonly HostLink[] = NONE): void {
    const refused = link.refusal(call.command);
    if (refused) {
      sink.failed(refused);
      return;
    }
    const tracked = new TrackedCall(
      link,
      sink,
      this.#only
        ? undefined
        : (error) => {
            const next = this.#routing.instead(call, [...taken, link]);
            if (next) this.#ask(next, call, sink, [...taken, link]);
            else sink.failed(error);
          },
      // Where there are others it may have been with one of them since.
      this.#only && call.madeMs,
    );
    if (link.transport.send) link.transport.send(call, tracked);
    else
      link.transport.request(call).then(
        (reply) => tracked.replied(reply),
        (thrown) => tracked.failed(ServiceError.from(thrown)),
      );
  }

  #stream(
    link: HostLink,
    call: OutgoingStream,
    receiver: StreamReceiver,
    control: MovingControl,
    taken: readonly HostLink[] = NONE,
  ): void {
    const refused = link.refusal(call.command);
    if (refused) {
      receiver.failed(refused);
      return;
    }
    const tracked = new TrackedStream(
      link,
      receiver,
      this.#only
        ? undefined
        : (error) => {
            const next = this.#routing.instead(call, [...taken, link]);
            if (next) this.#stream(next, call, receiver, control, [...taken, link]);
            else receiver.failed(error);
          },
    );
    control.at = link.transport.stream(call, tracked);
  }

  #hedged(hedging: Hedging, link: HostLink, call: OutgoingCall, sink: ReplySink): void {
    const { clock } = this.#options;
    new HedgedCall(link, call, sink, {
      clock,
      delayMs: hedging.delayMs(call.command),
      send: (to, leg, legSink) => this.#ask(to, leg, legSink),
      second: (first) => {
        const other = this.#routing.instead(call, [first]);
        return other && hedging.spend() ? other : undefined;
      },
      answered: (latencyMs) => hedging.record(call.command, latencyMs),
    });
  }

  /** Goes on once the host, or any if none is given, is connected, with what is left of the call's time. */
  #whenConnected(
    link: HostLink | undefined,
    call: OutgoingCall,
    sink: ReplySink,
    go: (call: OutgoingCall) => void,
  ): void {
    const { clock, connectTimeoutMs } = this.#options;
    const startMs = clock.monotonicMs();
    const refused = this.#shutOut(link, call.command) ?? link?.refusal(call.command);
    if (refused) {
      sink.failed(refused);
      return;
    }
    const limitMs = Math.min(connectTimeoutMs, call.timeoutMs);
    void whenConnectedWithin(clock, (link?.transport ?? this).whenConnected(), limitMs, call.signal).then(
      () => {
        const { command, payload, key, traceparent, signal, allowNonFinite, hedge, shard } = call;
        if (this.#closed || signal?.aborted)
          sink.failed(new ServiceError('CANCELLED', `${command}: the caller gave up`));
        else if ((link?.transport ?? this).state !== 'connected') {
          const who = link ? `${link.name} is not` : `none of ${this.#links.length} hosts is`;
          const cause = new ConnectionLoss(false);
          const error =
            this.#shutOut(link, command) ??
            new ServiceError('UNAVAILABLE', `${command}: ${who} connected`, { cause });
          link?.failed(error, link.enter());
          sink.failed(error);
        } else {
          const timeoutMs = Math.max(1, call.timeoutMs - (clock.monotonicMs() - startMs));
          go({ command, payload, key, traceparent, signal, allowNonFinite, hedge, shard, timeoutMs });
        }
      },
    );
  }
}

/** @throws ServiceError INVALID_ARGUMENT for a key that is none, or a function that fails to tell it */
function shardOf(
  { command, payload, shard }: OutgoingCall,
  shardBy: RoutingOptions['shardBy'],
): string | undefined {
  let key: unknown = shard;
  try {
    key ??= shardBy?.(command, payload);
  } catch (cause) {
    const message = `shardBy: it failed for ${command}: ${(cause as Error).message}`;
    throw new ServiceError('INVALID_ARGUMENT', message, { field: 'shardBy', cause });
  }
  if (key === undefined || key === null || typeof key === 'string') return key ?? undefined;
  throw invalidArgument(shard === undefined ? 'shardBy' : 'shard', key, 'a text, or undefined for any host');
}

/** Of a stream whose host is not known yet, or not for good. */
class MovingControl implements StreamControl {
  at: StreamControl | undefined;

  grant(credit: number): void {
    this.at?.grant(credit);
  }
}

const NONE: readonly HostLink[] = [];

import { type Clock, type Logger, ServiceError, silentLogger } from '../../runtime/index.js';
import { type CodecName, DEFAULT_LIMITS, type ProtocolLimits } from '../protocol/index.js';
import type { CurveClientOptions } from '../security/index.js';
import { DealerConnection } from './dealer-connection.js';
import { EventConnection } from './event-connection.js';
import type {
  CallReply,
  ConnectionState,
  EventListener,
  OutgoingCall,
  OutgoingStream,
  ReplySink,
  StreamControl,
  StreamReceiver,
  Subscription,
  SubscriptionNews,
  Transport,
} from './transport.js';

export interface ZmqTransportOptions {
  /** The host's request endpoint, e.g. `tcp://127.0.0.1:5555`. */
  readonly endpoint: string;
  /** The host's event endpoint; without it nothing can be subscribed to. */
  readonly events?: string | undefined;
  /** Default `msgpack`: columns travel as bytes. */
  readonly codec?: CodecName;
  readonly clock: Clock;
  readonly logger?: Logger;
  readonly limits?: Partial<ProtocolLimits>;
  /** How long a request waits for a connection before it ends with UNAVAILABLE, ms. Default 1,000. */
  readonly connectTimeoutMs?: number;
  /** Messages kept inside each socket. Default 1024: beyond it they wait in this process's queue. */
  readonly highWaterMark?: number;
  /** For hosts with CURVE; without it only hosts on this machine can be reached. */
  readonly curve?: CurveClientOptions | undefined;
}

/** The way to a host over ZeroMQ: a DEALER for requests and, once someone subscribes, a SUB for events. */
export class ZmqTransport implements Transport {
  readonly #requests: DealerConnection;
  readonly #eventOptions: { readonly endpoint: string | undefined; open(endpoint: string): EventConnection };
  #events: EventConnection | undefined;

  /** @throws ServiceError FAILED_PRECONDITION for an endpoint outside this machine without CURVE, INVALID_ARGUMENT */
  constructor(options: ZmqTransportOptions) {
    const limits = { ...DEFAULT_LIMITS, ...options.limits };
    const logger = options.logger ?? silentLogger();
    const highWaterMark = options.highWaterMark ?? 1024;
    const { clock, curve } = options;
    this.#requests = new DealerConnection({
      endpoint: options.endpoint,
      codec: options.codec ?? 'msgpack',
      limits,
      clock,
      logger,
      connectTimeoutMs: options.connectTimeoutMs ?? 1_000,
      highWaterMark,
      curve,
    });
    this.#eventOptions = {
      endpoint: options.events,
      open: (endpoint) => new EventConnection({ endpoint, limits, clock, logger, highWaterMark, curve }),
    };
  }

  get state(): ConnectionState {
    return this.#requests.state;
  }

  get refusal(): string | undefined {
    return this.#requests.refusal;
  }

  whenConnected(): Promise<void> {
    return this.#requests.whenConnected();
  }

  request(call: OutgoingCall): Promise<CallReply> {
    return this.#requests.request(call);
  }

  send(call: OutgoingCall, sink: ReplySink): void {
    this.#requests.send(call, sink);
  }

  stream(call: OutgoingStream, receiver: StreamReceiver): StreamControl {
    return this.#requests.stream(call, receiver);
  }

  subscribe(topicPrefix: string, listener: EventListener, news?: SubscriptionNews): Subscription {
    const { endpoint, open } = this.#eventOptions;
    if (endpoint === undefined || this.state === 'closed')
      throw new ServiceError('FAILED_PRECONDITION', 'no event endpoint is open to subscribe at', {
        field: 'events',
      });
    this.#events ??= open(endpoint);
    return this.#events.subscribe(topicPrefix, listener, news);
  }

  abandon(error: ServiceError): void {
    this.#requests.abandon(error);
  }

  async close(): Promise<void> {
    this.#requests.close();
    this.#events?.close();
  }
}

import {
  type Clock,
  invalidArgument,
  type Logger,
  type Rng,
  SeededRng,
  ServiceError,
  SystemClock,
  silentLogger,
} from '../../runtime/index.js';
import type { CodecName } from '../protocol/index.js';
import type { CurveClientOptions } from '../security/index.js';
import { type Transport, ZmqTransport } from '../transport/index.js';
import type { ClientInterceptor } from './interceptor.js';
import { HostPool, type RoutingOptions } from './pool/index.js';
import type { RetryOptions } from './retry-policy.js';

export interface ClientOptions extends RoutingOptions {
  /** Request endpoint of the host, e.g. `tcp://127.0.0.1:5555`. One of `endpoint`, `endpoints`, `transport`. */
  readonly endpoint?: string;
  /** Request endpoints of several hosts, the preferred one first. */
  readonly endpoints?: readonly string[];
  /** Event endpoint(s), in the order of the request endpoints. Without it nothing can be subscribed to. */
  readonly events?: string | readonly string[];
  /** For hosts with CURVE: their public key (one for all endpoints, or one each) and this client's own pair. */
  readonly curve?: ClientCurveOptions | undefined;
  /** A way of one's own, e.g. `new InProcessTransport(host)`; the client closes it. */
  readonly transport?: Transport;
  /** Default `msgpack`. */
  readonly codec?: CodecName;
  /** Time for a call that names none, ms. Default 5,000. */
  readonly timeoutMs?: number;
  /** How long a call waits for a connection before it ends with UNAVAILABLE, ms. Default 1,000. */
  readonly connectTimeoutMs?: number;
  /** A host that says nothing for this long, though asked, is taken for one that hangs, ms; 0 = never. Default 5,000. */
  readonly pingIntervalMs?: number;
  /** Default: the machine's. */
  readonly clock?: Clock;
  /** For the jitter of retries. Default: seeded from the time and the process id. */
  readonly rng?: Rng;
  /** Default: silent. */
  readonly logger?: Logger;
  /** `false` = every call is tried once. */
  readonly retry?: RetryOptions | false;
  /** The first is the outermost. */
  readonly interceptors?: readonly ClientInterceptor[];
}

/** What a client needs for CURVE, Z85; {@link readKeyFile} reads a pair. */
export interface ClientCurveOptions extends Omit<CurveClientOptions, 'serverKey'> {
  /** The host's public key; a list where several endpoints have different ones, in their order. */
  readonly serverKey: string | readonly string[];
}

export interface ResolvedClientOptions {
  readonly clock: Clock;
  readonly rng: Rng;
  readonly logger: Logger;
  readonly timeoutMs: number;
  readonly retry: RetryOptions;
  readonly interceptors: readonly ClientInterceptor[];
  readonly transport: Transport;
}

/** @throws ServiceError INVALID_ARGUMENT, FAILED_PRECONDITION for an endpoint outside this machine */
export function resolveClientOptions(options: ClientOptions): ResolvedClientOptions {
  const clock = options.clock ?? new SystemClock();
  const logger = options.logger ?? silentLogger();
  const rng =
    options.rng ?? new SeededRng(BigInt(Math.floor(clock.nowMs())) * 65_536n + BigInt(process.pid % 65_536));
  return {
    clock,
    logger,
    rng,
    timeoutMs: options.timeoutMs ?? 5_000,
    retry: options.retry === false ? { maxAttempts: 1 } : (options.retry ?? {}),
    interceptors: options.interceptors ?? [],
    transport: options.transport ?? connect(options, { clock, rng, logger }),
  };
}

function connect(
  options: ClientOptions,
  { clock, rng, logger }: Pick<ResolvedClientOptions, 'clock' | 'rng' | 'logger'>,
): Transport {
  const endpoints = options.endpoints ?? (options.endpoint === undefined ? [] : [options.endpoint]);
  if (endpoints.length === 0) throw invalidArgument('endpoint', undefined, 'given, or a transport');
  // Two of one name would share the keys of one, and failing over would go nowhere.
  const twice = endpoints.find((endpoint, i) => endpoints.indexOf(endpoint) !== i);
  if (twice !== undefined) throw invalidArgument('endpoints', twice, 'endpoints that differ');
  const { events, codec, connectTimeoutMs = 1_000, pingIntervalMs = 5_000 } = options;
  const eventEndpoints = typeof events === 'string' ? [events] : (events ?? []);
  if (eventEndpoints.length > endpoints.length)
    throw new ServiceError('INVALID_ARGUMENT', 'events: more event endpoints than request endpoints', {
      field: 'events',
    });
  const hosts = endpoints.map((endpoint, i) => ({
    name: endpoint,
    transport: new ZmqTransport({
      endpoint,
      events: eventEndpoints[i],
      clock,
      logger,
      // Of several only those that are connected are asked, and one that is lost just then is not waited for.
      connectTimeoutMs: endpoints.length === 1 ? connectTimeoutMs : LOST_MS,
      curve: curveOf(options.curve, i),
      ...(codec === undefined ? {} : { codec }),
    }),
  }));
  return new HostPool(hosts, { ...routingOf(options), clock, rng, logger, connectTimeoutMs, pingIntervalMs });
}

/** How long a call waits at a host that is lost when another one may be asked, ms. */
const LOST_MS = 1;

function routingOf({
  routing = 'ordered',
  shardBy,
  shardDown = 'error',
  hedge,
  breaker = {},
}: RoutingOptions): RoutingOptions {
  return { routing, shardBy, shardDown, hedge, breaker };
}

function curveOf(curve: ClientCurveOptions | undefined, index: number): CurveClientOptions | undefined {
  if (curve === undefined) return undefined;
  // Not a spread: the secret of a KeyPair is no field.
  const { publicKey, secretKey, serverKey } = curve;
  const own = typeof serverKey === 'string' ? serverKey : serverKey[index];
  if (own === undefined)
    throw invalidArgument(`curve.serverKey[${index}]`, undefined, 'one for each endpoint');
  return { publicKey, secretKey, serverKey: own };
}

import { totalmem } from 'node:os';
import { type Clock, invalidArgument, type Logger, type Rng } from '../../runtime/index.js';
import type { IdempotencyStore } from '../handler/index.js';
import { DEFAULT_LIMITS, type ProtocolLimits } from '../protocol/index.js';
import type { AnswerObserver } from '../transport/index.js';
import type { Admission } from './admission.js';
import type { HostInterceptor } from './interceptor.js';
import { MemoryIdempotencyStore } from './memory-idempotency-store.js';
import type { IntakeBounds } from './overload/index.js';

const KIB = 1024;
const MIB = 1024 * KIB;
/** Of the memory of the machine, or of what contains the process. */
const RESIDENT_FRACTION = 0.75;

/** How much the host takes upon itself at most; docs/service-framework.md tells what callers see of it. */
export interface OverloadOptions extends IntakeBounds {
  /** Requests in flight in all: waiting or running. Default 4,096: one full batch. */
  readonly maxInFlight: number;
  /** Requests in flight per command. Default 1,024. */
  readonly maxInFlightPerCommand: number;
  /** Bytes of the messages that requests in flight came in. Default 256 MiB. */
  readonly maxInFlightBytes: number;
  /** Handlers still running after their deadline, per command. Default 256: more means it hangs. */
  readonly maxAbandonedPerCommand: number;
  /** Requests of a command that may run at once, however slow they become. Default 8. */
  readonly minConcurrency: number;
}

export interface ServiceHostOptions extends Partial<OverloadOptions> {
  /** Name and version of the service, for `service.describe` and the logs. */
  readonly name: string;
  readonly version: string;
  readonly clock: Clock;
  readonly rng: Rng;
  readonly logger: Logger;
  readonly limits?: Partial<ProtocolLimits>;
  /** Time for a request that names none, ms. Default 5,000. */
  readonly defaultTtlMs?: number;
  /** Longest time a request may ask for, ms. Default 60,000. */
  readonly maxTtlMs?: number;
  /** Time for a stream whose request names none, ms. Default 60,000. */
  readonly defaultStreamTtlMs?: number;
  /** Longest time a stream may ask for, ms. Default 3,600,000: an hour. */
  readonly maxStreamTtlMs?: number;
  /** What runs at the start of a drain is given this long, ms. Default 10,000. */
  readonly drainTimeoutMs?: number;
  /** A rule of one's own beside the bounds given here. Default: none. */
  readonly admission?: Admission;
  /** Where answers to keys are found. Default: in memory, for the life of the process. */
  readonly idempotency?: IdempotencyStore;
  /** The first is the outermost. */
  readonly interceptors?: readonly HostInterceptor[];
  readonly observers?: readonly AnswerObserver[];
  /** Memory for messages inside the sockets, bytes; sizes their high-water marks. Default 128 MiB. */
  readonly socketMemoryBytes?: number;
  /** Replies waiting for one slow reader, bytes. Default 32 MiB: four of the largest messages. */
  readonly peerQueueBytes?: number;
  /** Replies waiting for all readers, bytes. Default 256 MiB. */
  readonly totalQueueBytes?: number;
  /** Connections at once. Default: as the limit of file descriptors allows, with an eighth of it left free. */
  readonly maxConnections?: number;
  /** Memory of the process at which connections are cut, bytes. Default: three quarters of the machine's. */
  readonly maxResidentBytes?: number;
  /** A reader that takes nothing for this long is cut off, ms. Default 30,000. */
  readonly stalledMs?: number;
  /** A reader that was cut off is not heard for this long, ms. Default 5,000. */
  readonly deafMs?: number;
}

/** The options with every default filled in and every number checked. */
export type ResolvedHostOptions = Required<
  Omit<ServiceHostOptions, 'admission' | 'limits' | 'maxConnections' | 'socketMemoryBytes'>
> & {
  readonly admission: Admission | undefined;
  /** Undefined = as the system allows. */
  readonly maxConnections: number | undefined;
  readonly limits: ProtocolLimits;
  readonly highWaterMark: number;
};

export function resolveHostOptions(options: ServiceHostOptions): ResolvedHostOptions {
  return {
    name: options.name,
    version: options.version,
    clock: options.clock,
    rng: options.rng,
    logger: options.logger,
    limits: { ...DEFAULT_LIMITS, ...options.limits },
    defaultTtlMs: positive('defaultTtlMs', options.defaultTtlMs ?? 5_000),
    maxTtlMs: positive('maxTtlMs', options.maxTtlMs ?? 60_000),
    defaultStreamTtlMs: positive('defaultStreamTtlMs', options.defaultStreamTtlMs ?? 60_000),
    maxStreamTtlMs: positive('maxStreamTtlMs', options.maxStreamTtlMs ?? 3_600_000),
    drainTimeoutMs: positive('drainTimeoutMs', options.drainTimeoutMs ?? 10_000),
    admission: options.admission,
    maxInFlight: positive('maxInFlight', options.maxInFlight ?? 4096),
    maxInFlightPerCommand: positive('maxInFlightPerCommand', options.maxInFlightPerCommand ?? 1024),
    maxInFlightBytes: positive('maxInFlightBytes', options.maxInFlightBytes ?? 256 * MIB),
    maxAbandonedPerCommand: positive('maxAbandonedPerCommand', options.maxAbandonedPerCommand ?? 256),
    minConcurrency: positive('minConcurrency', options.minConcurrency ?? 8),
    idempotency: options.idempotency ?? new MemoryIdempotencyStore({ clock: options.clock }),
    interceptors: options.interceptors ?? [],
    observers: options.observers ?? [],
    highWaterMark: highWaterMark(positive('socketMemoryBytes', options.socketMemoryBytes ?? 128 * MIB)),
    peerQueueBytes: positive('peerQueueBytes', options.peerQueueBytes ?? 32 * MIB),
    totalQueueBytes: positive('totalQueueBytes', options.totalQueueBytes ?? 256 * MIB),
    maxConnections: options.maxConnections,
    maxResidentBytes: positive(
      'maxResidentBytes',
      options.maxResidentBytes ?? RESIDENT_FRACTION * memoryBytes(),
    ),
    stalledMs: positive('stalledMs', options.stalledMs ?? 30_000),
    deafMs: positive('deafMs', options.deafMs ?? 5_000),
  };
}

/** What the machine has, or what the process is given of it: 0 or absurdly much when that is not limited. */
function memoryBytes(): number {
  return Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY);
}

function positive(field: string, value: number): number {
  if (typeof value === 'number' && value > 0 && Number.isFinite(value)) return value;
  throw invalidArgument(field, value, 'a positive number');
}

/** Clients and size of a message that the memory for sockets is planned for. */
const PLANNED_PEERS = 64;
const PLANNED_MESSAGE_BYTES = 16 * KIB;

/**
 * Messages that a socket may hold per peer and direction so that, with as many peers as planned, all
 * of them fit the budget. The library's own default of 1000 knows no budget.
 */
export function highWaterMark(budgetBytes: number): number {
  return Math.max(2, Math.floor(budgetBytes / (PLANNED_PEERS * PLANNED_MESSAGE_BYTES)));
}

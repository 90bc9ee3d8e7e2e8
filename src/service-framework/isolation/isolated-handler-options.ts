import { type Clock, invalidArgument, type Logger, type Rng } from '../../runtime/index.js';

/**
 * `inline` in the host's own thread · `worker` in a worker thread: survives what JavaScript can do (spin,
 * leak, throw, exit) · `process` in a child process: survives native code that aborts, too.
 */
export const ISOLATIONS = ['inline', 'worker', 'process'] as const;
export type Isolation = (typeof ISOLATIONS)[number];

/** How soon a handler that died is started again; each time in a row waits twice as long. */
export interface RestartBackoff {
  /** Before the first restart, ms. Default 100. */
  readonly firstMs?: number;
  /** At most, ms. Default 30,000. */
  readonly maxMs?: number;
  /** A handler that has lived this long starts again with `firstMs`, ms. Default 60,000. */
  readonly stableMs?: number;
}

/** What an isolated handler may use before it is ended and started again. */
export interface IsolationLimits {
  /** Requests given to it and not answered; what is over is shed with RESOURCE_EXHAUSTED. Default 256. */
  readonly maxInFlight?: number;
  /** Time between two pings, ms. Default 500. */
  readonly heartbeatMs?: number;
  /** It says nothing for this long while a request is this long overdue: it spins. ms, default 2,000. */
  readonly graceMs?: number;
  /** It says nothing for this long, whatever is in flight. ms, default 15,000. */
  readonly silenceMs?: number;
  /** Requests that were answered for it (overdue, cancelled) `graceMs` ago and still run. Default 16. */
  readonly maxHung?: number;
  /**
   * Heap of its V8, MB. Default 512. Node.js 24 aborts with any worker that reaches it, instead of ending the worker:
   * there, give what may leak a process of its own.
   */
  readonly maxHeapMb?: number;
  /** Worker: heap and array buffers of the thread. Process: resident memory. MB, default 1,024. */
  readonly maxMemoryMb?: number;
  /** For loading the module, and for the handler's `start()`, ms each. Default 30,000. */
  readonly startTimeoutMs?: number;
  /** For the handler's `stop()`, ms; then it is ended as it is. Default 5,000. */
  readonly stopTimeoutMs?: number;
  readonly restart?: RestartBackoff;
}

export interface IsolatedHandlerOptions extends IsolationLimits {
  /** The compiled ES module that holds the handler: `new URL('./my-handler.js', import.meta.url)`. */
  readonly module: URL | string;
  /**
   * A class that extends BaseHandler, or a function (async or not) that makes one. Default: the module's
   * only such class.
   */
  readonly exportName?: string;
  /** Given to the class or function; structured-cloneable. */
  readonly options?: unknown;
  readonly isolation: Isolation;
  /** Its name in `service.health` and logs. Default: that of the class. */
  readonly name?: string;
  /** False: the host is ready without it. Default true. */
  readonly essential?: boolean;
  /** Public properties of the handler that are read once it is made, see `reported`. */
  readonly report?: readonly string[];
  /** Environment of the thread or process. Default: this process's. */
  readonly env?: NodeJS.ProcessEnv;
  /** Real time, for supervision: a healthy handler must not look dead because a simulation leaps. */
  readonly clock: Clock;
  readonly rng: Rng;
  readonly logger: Logger;
}

/** The limits with every default filled in. */
export type ResolvedLimits = Required<Omit<IsolationLimits, 'restart'>> & {
  readonly restart: Required<RestartBackoff>;
};

/** @throws ServiceError INVALID_ARGUMENT for a limit that is no positive number */
export function resolveLimits(limits: IsolationLimits): ResolvedLimits {
  const { restart = {} } = limits;
  return {
    maxInFlight: positive('maxInFlight', limits.maxInFlight ?? 256),
    heartbeatMs: positive('heartbeatMs', limits.heartbeatMs ?? 500),
    graceMs: positive('graceMs', limits.graceMs ?? 2_000),
    silenceMs: positive('silenceMs', limits.silenceMs ?? 15_000),
    maxHung: positive('maxHung', limits.maxHung ?? 16),
    maxHeapMb: positive('maxHeapMb', limits.maxHeapMb ?? 512),
    maxMemoryMb: positive('maxMemoryMb', limits.maxMemoryMb ?? 1_024),
    startTimeoutMs: positive('startTimeoutMs', limits.startTimeoutMs ?? 30_000),
    stopTimeoutMs: positive('stopTimeoutMs', limits.stopTimeoutMs ?? 5_000),
    restart: {
      firstMs: positive('restart.firstMs', restart.firstMs ?? 100),
      maxMs: positive('restart.maxMs', restart.maxMs ?? 30_000),
      stableMs: positive('restart.stableMs', restart.stableMs ?? 60_000),
    },
  };
}

function positive(field: string, value: number): number {
  if (typeof value === 'number' && value > 0 && Number.isFinite(value)) return value;
  throw invalidArgument(field, value, 'a positive number');
}

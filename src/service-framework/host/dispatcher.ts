import { type Clock, type Logger, type Rng, ServiceError } from '../../runtime/index.js';
import {
  answererOf,
  type BaseHandler,
  type CommandSpec,
  checkCommandName,
  checkStreaming,
  DEFAULT_MAX_BATCH,
  type HandlerCallOptions,
  type HandlerStream,
  type HandlerStreamOptions,
  isStreaming,
} from '../handler/index.js';
import { CommandCounters, type CommandStats } from '../telemetry/index.js';
import {
  type AnswerObserver,
  type Caller,
  Deadlines,
  type Finish,
  type InboundRequest,
  type ItemSink,
  type Outcome,
  type PendingRequest,
} from '../transport/index.js';
import type { Admission, Load } from './admission.js';
import { CommandEntry } from './command-entry.js';
import { checkConcurrency, checkKey, checkRole, checkStream, checkTimeout } from './entry-checks.js';
import type { HostInterceptor } from './interceptor.js';
import { LocalStream } from './local-stream.js';
import {
  type CommandLane,
  type ConcurrencyLimitOptions,
  Intake,
  type IntakeBounds,
  Scheduler,
} from './overload/index.js';
import { RunningList } from './running-list.js';
import { type RequestEnvironment, RunningRequest } from './running-request.js';

export interface DispatcherOptions extends IntakeBounds {
  readonly clock: Clock;
  readonly rng: Rng;
  readonly logger: Logger;
  readonly admission: Admission | undefined;
  /** Requests of a command that may run at once, however slow they become. */
  readonly minConcurrency: number;
  readonly interceptors: readonly HostInterceptor[];
  readonly observers: readonly AnswerObserver[];
  readonly defaultTtlMs: number;
  readonly maxTtlMs: number;
  /** The same for streams. */
  readonly defaultStreamTtlMs: number;
  readonly maxStreamTtlMs: number;
  publish(topic: string, body: unknown): void;
}

/** What a handler, or whoever owns the host, asks of a command. */
interface LocalCall extends HandlerCallOptions {
  readonly command: string;
  readonly payload: unknown;
  /** Absent = its reply comes in one piece. */
  readonly stream?: ItemSink;
}

/** Stands in the statistics for all commands that do not exist: their names are a stranger's choice. */
const UNKNOWN_COMMAND = '(unknown)';

const NOTHING_PENDING: PendingRequest = { cancel: () => undefined };

/**
 * Takes requests in, whether from a socket, the in-process transport or another handler, and sees
 * that each ends exactly once, by its deadline, with a result or a ServiceError. Knows no socket.
 */
export class Dispatcher implements RequestEnvironment {
  readonly clock: Clock;
  readonly rng: Rng;
  readonly logger: Logger;
  readonly deadlines: Deadlines;
  readonly #options: DispatcherOptions;
  readonly #entries = new Map<string, CommandEntry>();
  readonly #unknown = new CommandCounters(UNKNOWN_COMMAND);
  readonly #scheduler: Scheduler;
  readonly #intake: Intake;
  /** Everything in this process that asks without a socket. */
  readonly #local: Caller = { heldBytes: 0 };
  readonly #running = new RunningList();
  #localIds = 0;
  #closed: ServiceError | undefined;
  #stopped: ServiceError | undefined;
  #idle: (() => void)[] = [];

  constructor(options: DispatcherOptions) {
    this.clock = options.clock;
    this.rng = options.rng;
    this.logger = options.logger;
    this.#options = options;
    this.deadlines = new Deadlines(options.clock);
    this.#scheduler = new Scheduler(options.clock);
    this.#intake = new Intake(options, () => this.#lanes());
  }

  /**
   * @throws ServiceError ALREADY_EXISTS when another handler answers one of the commands; INVALID_ARGUMENT for a bad
   *   name, or a stream with a key
   */
  register(handler: BaseHandler): void {
    const specs = handler.getCommands();
    const names = new Set<string>();
    for (const spec of specs) {
      const { name, concurrency } = spec;
      checkCommandName(name);
      checkStreaming(spec);
      if (concurrency !== undefined) checkConcurrency(name, concurrency);
      if (names.has(name) || this.#entries.has(name))
        throw new ServiceError('ALREADY_EXISTS', `command ${name} has a handler already`);
      names.add(name);
    }
    const answer = answererOf(handler);
    for (const spec of specs)
      this.#entries.set(
        spec.name,
        new CommandEntry(spec, answer, this.#options.interceptors, this.#concurrencyOf(spec, handler)),
      );
  }

  get entries(): Iterable<CommandEntry> {
    return this.#entries.values();
  }

  /** Requests without an answer, calls between handlers included. */
  get inFlight(): number {
    return this.#running.size;
  }

  /** Bytes of the messages that requests in flight came in. */
  get heldBytes(): number {
    return this.#intake.heldBytes;
  }

  stats(): CommandStats[] {
    const counters = [...this.#entries.values()].map((entry) => entry.counters);
    if (this.#unknown.latency.count > 0) counters.push(this.#unknown);
    return counters.map((each) => each.snapshot());
  }

  /** All counters, for the metrics page. */
  *counters(): Iterable<CommandCounters> {
    for (const entry of this.#entries.values()) yield entry.counters;
    yield this.#unknown;
  }

  /** From now on requests from outside end with `why`; reserved commands are still served. */
  close(why: ServiceError): void {
    this.#closed = why;
    this.#stopped = undefined;
  }

  /** From now on everything ends with `why`, calls between handlers included. */
  stop(why: ServiceError): void {
    this.#stopped = why;
    this.deadlines.close();
  }

  open(): void {
    this.#closed = undefined;
    this.#stopped = undefined;
  }

  /** A request from outside. Ends it at once, without work, when it must not or cannot be served. */
  submit(request: InboundRequest, finish: Finish): PendingRequest {
    const entry = this.#entries.get(request.command);
    const ttlMs = this.#timeOf(entry, request);
    const refusal = this.#refusal(entry, request, ttlMs);
    if (refusal || !entry) {
      const error = refusal ?? unimplemented(request.command);
      const elapsedUs = (this.clock.monotonicMs() - request.arrivedMs) * 1000;
      (entry?.counters ?? this.#unknown).answered(elapsedUs, error.code);
      const outcome: Outcome = { ok: false, error };
      this.#observe(request, outcome, elapsedUs);
      finish(outcome, elapsedUs);
      return NOTHING_PENDING;
    }
    const deadlineMs = request.arrivedMs + ttlMs;
    const running = this.#start(entry, request, deadlineMs, finish, true);
    const caller = request.caller ?? this.#local;
    this.#intake.admitted(request, caller);
    if (entry.spec.reserved === true) this.#scheduler.runNow(running);
    else this.#scheduler.submit(entry.lane, running, caller);
    return running;
  }

  callFrom(
    parent: RunningRequest | undefined,
    command: string,
    payload: unknown,
    options: HandlerCallOptions,
  ): Promise<unknown> {
    const { promise, resolve, reject } = deferred();
    // A handler that stops waiting for one of its calls must not bring the process down.
    promise.catch(() => undefined);
    try {
      this.#callNow(parent, { command, payload, ...options }, (outcome) => {
        if (outcome.ok) resolve(outcome.body);
        else reject(outcome.error);
      });
    } catch (refused) {
      reject(refused);
    }
    return promise;
  }

  streamFrom<T, R>(
    parent: RunningRequest | undefined,
    command: string,
    payload: unknown,
    { timeoutMs, signal, window }: HandlerStreamOptions,
  ): HandlerStream<T, R> {
    return new LocalStream<T, R>(window, (sink, finish) =>
      this.#callNow(parent, { command, payload, timeoutMs, signal, stream: sink }, finish),
    );
  }

  publish(topic: string, body: unknown): void {
    this.#options.publish(topic, body);
  }

  ended(running: RunningRequest, request: InboundRequest, outcome: Outcome, elapsedUs: number): void {
    this.#running.delete(running);
    if (running.external) {
      this.#intake.answered(request, request.caller ?? this.#local);
      this.#scheduler.ended(running.lane, running);
    }
    this.#observe(request, outcome, elapsedUs);
    if (this.#running.size === 0 && this.#idle.length > 0) this.#wakeIdle();
  }

  toReplyError(thrown: unknown, request: InboundRequest): ServiceError {
    const error = ServiceError.from(thrown);
    if (error.code !== 'INTERNAL' || error.details?.['ref'] !== undefined) return error;
    const ref = this.rng
      .integer(2 ** 48)
      .toString(16)
      .padStart(12, '0');
    this.logger.error(
      { ref, command: request.command, requestId: request.id, err: error.cause ?? error },
      'request failed',
    );
    return new ServiceError('INTERNAL', error.message, {
      details: { ...error.details, ref },
      cause: error.cause,
    });
  }

  /** Resolves when nothing is in flight. */
  whenIdle(): Promise<void> {
    if (this.#running.size === 0) return Promise.resolve();
    return new Promise((resolve) => this.#idle.push(resolve));
  }

  /** Ends everything in flight with `error`. */
  cancelAll(error: ServiceError): void {
    for (const running of this.#running.values()) running.cancel(error);
  }

  #callNow(parent: RunningRequest | undefined, call: LocalCall, finish: Finish): PendingRequest {
    if (this.#stopped) throw this.#stopped;
    const { command, payload, key, signal, timeoutMs, stream } = call;
    const entry = this.#entries.get(command);
    if (!entry) throw unimplemented(command);
    checkKey(entry.spec, key);
    checkStream(command, entry.streams, stream !== undefined);
    if (timeoutMs !== undefined) checkTimeout(timeoutMs);
    if (signal?.aborted) throw cancelled(command);
    const arrivedMs = this.clock.monotonicMs();
    // Without a time of its own a call has what is left to its caller.
    const { defaultTtlMs, defaultStreamTtlMs } = this.#options;
    const ownMs =
      timeoutMs ?? (parent ? Number.POSITIVE_INFINITY : stream ? defaultStreamTtlMs : defaultTtlMs);
    const deadlineMs = Math.min(arrivedMs + ownMs, parent?.deadlineMs ?? Number.POSITIVE_INFINITY);
    const request: InboundRequest = {
      id: parent?.requestId ?? `local-${++this.#localIds}`,
      command,
      key,
      traceparent: parent?.traceparent,
      role: parent?.role ?? 'admin',
      arrivedMs,
      stream,
      decode: () => payload,
    };
    const onAbort = (): void => running.cancel(cancelled(command));
    const finishCall: Finish = (outcome, elapsedUs) => {
      signal?.removeEventListener('abort', onAbort);
      finish(outcome, elapsedUs);
    };
    const running = this.#start(entry, request, deadlineMs, finishCall, false);
    signal?.addEventListener('abort', onAbort, { once: true });
    parent?.adopt(running);
    // Never queued: the caller is running already, and waiting behind strangers could deadlock it.
    running.run(arrivedMs);
    return running;
  }

  #start(
    entry: CommandEntry,
    request: InboundRequest,
    deadlineMs: number,
    finish: Finish,
    external: boolean,
  ): RunningRequest {
    const running = new RunningRequest(this, entry, request, deadlineMs, finish, external);
    this.#running.add(running);
    return running;
  }

  /** How many requests of a command may run at once, by measurement where it does not say. */
  #concurrencyOf(spec: CommandSpec, handler: BaseHandler): ConcurrencyLimitOptions {
    const { maxInFlightPerCommand: most } = this.#options;
    if (spec.concurrency !== undefined) return { floor: spec.concurrency, ceiling: spec.concurrency };
    // How long a stream runs is its reader's doing and measures nothing; and most of the time it only waits for it.
    return { floor: isStreaming(spec) ? most : this.#floorFor(handler), ceiling: most };
  }

  /** A batching handler needs one batch to run and the next to gather. */
  #floorFor({ handleBatch, maxBatch }: BaseHandler): number {
    const { minConcurrency } = this.#options;
    return handleBatch || maxBatch !== undefined
      ? Math.max(minConcurrency, 2 * (maxBatch ?? DEFAULT_MAX_BATCH))
      : minConcurrency;
  }

  *#lanes(): Iterable<CommandLane> {
    for (const { lane } of this.#entries.values()) yield lane;
  }

  #refusal(
    entry: CommandEntry | undefined,
    request: InboundRequest,
    ttlMs: number,
  ): ServiceError | undefined {
    if (this.#stopped) return this.#stopped;
    if (!entry) return unimplemented(request.command);
    const { spec, lane } = entry;
    try {
      checkRole(spec, request.role);
      checkKey(spec, request.key);
      checkStream(spec.name, entry.streams, request.stream !== undefined);
    } catch (refused) {
      return ServiceError.from(refused);
    }
    if (spec.reserved === true) return this.#intake.reservedRefusal(lane);
    if (this.#closed) return this.#closed;
    return (
      this.#options.admission?.admit(this.#loadOf(entry, request)) ??
      this.#intake.refusal(lane, request, request.caller ?? this.#local, ttlMs)
    );
  }

  #loadOf({ spec, counters }: CommandEntry, { role }: InboundRequest): Load {
    return {
      command: spec.name,
      role,
      inFlight: this.#intake.inFlight,
      commandInFlight: counters.inFlight,
      commandWaiting: counters.queued,
      typicalUs: counters.latency.meanUs,
    };
  }

  /** Milliseconds the request is given. */
  #timeOf(entry: CommandEntry | undefined, { ttlMs }: InboundRequest): number {
    const { defaultTtlMs, maxTtlMs, defaultStreamTtlMs, maxStreamTtlMs } = this.#options;
    if (entry?.streams) return Math.min(ttlMs ?? defaultStreamTtlMs, maxStreamTtlMs);
    return Math.min(ttlMs ?? defaultTtlMs, maxTtlMs);
  }

  /** After the last answer has been handed over, which follows its end at once. */
  #wakeIdle(): void {
    void Promise.resolve().then(() => {
      if (this.#running.size === 0) for (const wake of this.#idle.splice(0)) wake();
    });
  }

  #observe(request: InboundRequest, outcome: Outcome, elapsedUs: number): void {
    for (const observe of this.#options.observers) observe({ request, outcome, elapsedUs });
  }
}

function unimplemented(command: string): ServiceError {
  return new ServiceError('UNIMPLEMENTED', `no such command: ${JSON.stringify(command).slice(0, 160)}`);
}

function cancelled(command: string): ServiceError {
  return new ServiceError('CANCELLED', `${command}: the caller gave up`);
}

function deferred(): {
  promise: Promise<unknown>;
  resolve: (value: unknown) => void;
  reject: (reason: unknown) => void;
} {
  let resolve!: (value: unknown) => void;
  let reject!: (reason: unknown) => void;
  const promise = new Promise<unknown>((onValue, onError) => {
    resolve = onValue;
    reject = onError;
  });
  return { promise, resolve, reject };
}

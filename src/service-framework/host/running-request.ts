import { setMaxListeners } from 'node:events';
import { types } from 'node:util';
import { type Clock, type Logger, type Rng, ServiceError } from '../../runtime/index.js';
import type {
  HandlerCallOptions,
  HandlerStream,
  HandlerStreamOptions,
  Idempotency,
  RequestContext,
  Role,
} from '../handler/index.js';
import type {
  Deadlines,
  Expiring,
  Finish,
  InboundRequest,
  ItemSink,
  Outcome,
  PendingRequest,
} from '../transport/index.js';
import type { CommandEntry } from './command-entry.js';
import type { CommandLane, LaneWork } from './overload/index.js';
import { StreamPump } from './stream-pump.js';
import { refuseThenable } from './thenable.js';

/** What a running request needs of its host. */
export interface RequestEnvironment {
  readonly clock: Clock;
  readonly rng: Rng;
  readonly logger: Logger;
  readonly deadlines: Deadlines;
  callFrom(
    parent: RunningRequest,
    command: string,
    payload: unknown,
    options: HandlerCallOptions,
  ): Promise<unknown>;
  streamFrom<T, R>(
    parent: RunningRequest,
    command: string,
    payload: unknown,
    options: HandlerStreamOptions,
  ): HandlerStream<T, R>;
  publish(topic: string, body: unknown): void;
  /** A request has its answer; called once for each. */
  ended(running: RunningRequest, request: InboundRequest, outcome: Outcome, elapsedUs: number): void;
  /** Makes any thrown value fit for the caller; logs what is our fault. */
  toReplyError(thrown: unknown, request: InboundRequest): ServiceError;
}

/** Bytes of a body that cost as much as one more small request. */
const UNIT_BYTES = 16 * 1024;

/** One admitted request, from queue to answer; it is also the context its handler sees. */
export class RunningRequest implements RequestContext, PendingRequest, LaneWork, Expiring {
  readonly deadlineMs: number;
  /** Set by the idempotency interceptor before the handler runs. */
  idempotency: Idempotency | undefined;
  watchedBefore: Expiring | undefined;
  watchedAfter: Expiring | undefined;
  /** Its neighbours among the running; only their list touches these. */
  runningBefore: RunningRequest | undefined;
  runningAfter: RunningRequest | undefined;
  ticket: LaneWork['ticket'];
  inLane = false;

  readonly #environment: RequestEnvironment;
  readonly #entry: CommandEntry;
  #request: InboundRequest;
  #finish: Finish | undefined;
  #phase: 'queued' | 'running' | 'answered' = 'queued';
  /** The handler's promise is pending. */
  #awaiting = false;
  /** Its deadline is watched. */
  #watched = false;
  #startedMs = 0;
  #abort: AbortController | undefined;
  #abortReason: ServiceError | undefined;
  #children: Set<RunningRequest> | undefined;
  #parent: RunningRequest | undefined;
  #logger: Logger | undefined;
  #pump: StreamPump | undefined;

  constructor(
    environment: RequestEnvironment,
    entry: CommandEntry,
    request: InboundRequest,
    deadlineMs: number,
    finish: Finish,
    /** It came from outside and counts against what may. */
    readonly external: boolean,
  ) {
    this.#environment = environment;
    this.#entry = entry;
    this.#request = request;
    this.#finish = finish;
    this.deadlineMs = deadlineMs;
    this.idempotency = undefined;
    this.watchedBefore = undefined;
    this.watchedAfter = undefined;
    this.runningBefore = undefined;
    this.runningAfter = undefined;
    this.ticket = undefined;
    entry.counters.queued++;
  }

  get cost(): number {
    return 1 + Math.floor((this.#request.bodyBytes ?? 0) / UNIT_BYTES);
  }
  get lane(): CommandLane {
    return this.#entry.lane;
  }
  get command(): string {
    return this.#request.command;
  }
  get requestId(): number | string {
    return this.#request.id;
  }
  get role(): Role {
    return this.#request.role;
  }
  get key(): string | undefined {
    return this.#request.key;
  }
  get traceparent(): string | undefined {
    return this.#request.traceparent;
  }
  get clock(): Clock {
    return this.#environment.clock;
  }
  get rng(): Rng {
    return this.#environment.rng;
  }
  get logger(): Logger {
    this.#logger ??= this.#environment.logger.child({ command: this.command, requestId: this.requestId });
    return this.#logger;
  }
  get signal(): AbortSignal {
    if (!this.#abort) {
      this.#abort = new AbortController();
      // One request may fan out to any number of calls, each of which listens.
      setMaxListeners(0, this.#abort.signal);
      if (this.#abortReason) this.#abort.abort(this.#abortReason);
    }
    return this.#abort.signal;
  }

  remainingMs(): number {
    return Math.max(0, this.deadlineMs - this.clock.monotonicMs());
  }

  call<T>(command: string, payload?: unknown, options: HandlerCallOptions = {}): Promise<T> {
    return this.#environment.callFrom(this, command, payload, options) as Promise<T>;
  }

  stream<T, R>(command: string, payload?: unknown, options: HandlerStreamOptions = {}): HandlerStream<T, R> {
    return this.#environment.streamFrom<T, R>(this, command, payload, options);
  }

  publish(topic: string, body: unknown): void {
    this.#environment.publish(topic, body);
  }

  /** Ties a call made by this request's handler to its fate: when this one is aborted, so is the other. */
  adopt(child: RunningRequest): void {
    this.#children ??= new Set();
    this.#children.add(child);
    child.#parent = this;
    if (this.#abortReason) child.cancel(this.#abortReason);
  }

  /** The child has ended. */
  disown(child: RunningRequest): void {
    this.#children?.delete(child);
  }

  /** Its turn has not come: it must end by its deadline all the same. */
  wait(): void {
    this.#watch();
  }

  /** Runs the handler; called once. */
  run(nowMs: number): void {
    if (this.#phase !== 'queued') return;
    if (nowMs >= this.deadlineMs) {
      this.expire();
      return;
    }
    const { counters } = this.#entry;
    counters.queued--;
    counters.running++;
    this.#phase = 'running';
    this.#startedMs = nowMs;
    let result: unknown;
    try {
      const payload = this.#entry.payload(this.#request);
      result = this.#entry.invoke({ spec: this.#entry.spec, payload, context: this });
      if (this.#request.stream) result = this.#stream(result, this.#request.stream);
    } catch (thrown) {
      this.#fail(thrown);
      return;
    }
    // Only native promises are awaited: a reply with a field `then` is data.
    if (!types.isPromise(result)) {
      this.#succeed(result);
      return;
    }
    this.#awaiting = true;
    result.then(
      (body) => {
        if (this.#settled()) this.#succeed(body);
      },
      (thrown) => {
        if (this.#settled()) this.#fail(thrown);
      },
    );
    this.#watch();
  }

  cancel(error: ServiceError): void {
    if (this.#phase === 'answered') return;
    this.#end({ ok: false, error });
    this.#abortWith(error);
  }

  /** What cannot be granted ends the stream: caller and host no longer agree on what may be sent. */
  grant(credit: number | ServiceError): void {
    const { stream } = this.#request;
    if (!stream) return;
    const refused = typeof credit === 'number' ? stream.gate.grant(credit) : credit;
    if (refused) this.cancel(refused);
  }

  /** The handler's items on their way; its promise is that of the reply that ends them. */
  #stream(source: unknown, sink: ItemSink): Promise<unknown> {
    this.#pump = new StreamPump(source, sink, this.clock);
    return this.#pump.run();
  }

  #watch(): void {
    if (this.#watched) return;
    this.#watched = true;
    this.#environment.deadlines.add(this);
  }

  /** The handler's promise is; @returns whether its answer is still wanted */
  #settled(): boolean {
    this.#awaiting = false;
    if (this.#phase !== 'answered') return true;
    this.#entry.counters.abandoned--;
    return false;
  }

  #succeed(body: unknown): void {
    const nowMs = this.clock.monotonicMs();
    if (nowMs >= this.deadlineMs) {
      this.expire();
      return;
    }
    try {
      refuseThenable(body);
    } catch (refused) {
      this.#fail(refused);
      return;
    }
    this.#end({ ok: true, body }, nowMs);
    if (this.#children) this.#endStreams();
  }

  #fail(thrown: unknown): void {
    this.#end({ ok: false, error: this.#environment.toReplyError(thrown, this.#request) });
    if (this.#children) this.#endStreams();
  }

  /** Its deadline has passed. */
  expire(): void {
    if (this.#phase === 'queued') this.#entry.counters.expired++;
    this.cancel(new ServiceError('DEADLINE_EXCEEDED', `${this.command}: not answered within its time`));
  }

  #end(outcome: Outcome, nowMs = this.clock.monotonicMs()): void {
    const { counters } = this.#entry;
    const request = this.#request;
    if (this.#phase === 'queued') counters.queued--;
    else counters.running--;
    if (this.inLane && this.#watched) this.#measure(nowMs, outcome);
    if (this.#awaiting) {
      counters.abandoned++;
      // A handler that hangs must not hold on to the message its request came in.
      this.#request = withoutPayload(request);
    }
    this.#phase = 'answered';
    if (this.#watched) this.#environment.deadlines.delete(this);
    this.#parent?.disown(this);
    const elapsedUs = (nowMs - request.arrivedMs) * 1000;
    const finish = this.#finish;
    // Whoever keeps the context keeps only what it needs.
    this.#finish = undefined;
    try {
      // The answer leaves before anything is counted: its caller waits.
      finish?.(outcome, elapsedUs);
    } finally {
      counters.answered(elapsedUs, outcome.ok ? undefined : outcome.error.code);
      this.#environment.ended(this, request, outcome, elapsedUs);
    }
  }

  /** What its handler has not read to the end, nobody reads any more. */
  #endStreams(): void {
    for (const child of this.#children ?? [])
      if (child.#request.stream)
        child.cancel(new ServiceError('CANCELLED', `${child.command}: the request that asked has ended`));
  }

  /** Only what took its handler's time tells how much the handler can take. */
  #measure(nowMs: number, outcome: Outcome): void {
    if (!outcome.ok && outcome.error.code !== 'DEADLINE_EXCEEDED') return;
    // How long a stream runs is its reader's doing.
    if (this.#pump) return;
    const { limit, running } = this.#entry.lane;
    limit.sample(nowMs, nowMs - this.#startedMs, running);
  }

  #abortWith(reason: ServiceError): void {
    this.#abortReason = reason;
    this.#abort?.abort(reason);
    this.#pump?.stop();
    for (const child of this.#children ?? []) child.cancel(reason);
  }
}

function withoutPayload({
  id,
  command,
  ttlMs,
  key,
  traceparent,
  role,
  arrivedMs,
}: InboundRequest): InboundRequest {
  return { id, command, ttlMs, key, traceparent, role, arrivedMs, decode: () => undefined };
}

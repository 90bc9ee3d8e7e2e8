import { type Clock, type ErrorCode, type Logger, type Rng, ServiceError } from '../../runtime/index.js';
import type {
  BaseHandler,
  CommandSpec,
  HandlerCallOptions,
  HandlerHost,
  HandlerStream,
  HandlerStreamOptions,
} from '../handler/index.js';
import { type CommandCounters, EventLoopLag, readMemory } from '../telemetry/index.js';
import type {
  EventListener,
  Finish,
  InboundRequest,
  LocalHost,
  PendingRequest,
  Subscription,
} from '../transport/index.js';
import { describeCommands } from './describe-commands.js';
import { Dispatcher } from './dispatcher.js';
import { EventHub } from './event-hub.js';
import { healthOf } from './handler-health.js';
import { HealthBeat } from './health-beat.js';
import type {
  BoundEndpoints,
  CurveEndpoints,
  HostDescription,
  HostEndpoints,
  HostHealth,
  HostState,
  HostStats,
} from './host-info.js';
import { type ResolvedHostOptions, resolveHostOptions, type ServiceHostOptions } from './host-options.js';
import { HostSockets } from './host-sockets.js';
import { idempotencyInterceptor } from './idempotency.js';
import type { CurveListenOptions, ListenOptions, PlainListenOptions } from './listen-options.js';
import { requestLog } from './request-log.js';
import { ServiceHandler } from './service-handler.js';

/**
 * Hosts handlers: takes requests from sockets, from the in-process transport and from handlers
 * themselves, and sees that each ends by its deadline with a result or a typed error.
 *
 *     const host = new ServiceHost({ name: 'ml-service', version, clock, rng, logger });
 *     host.register(new VotingHandler(…));
 *     const { request } = await host.listen({ request: 'tcp://127.0.0.1:0' });
 */
export class ServiceHost implements HandlerHost, LocalHost {
  readonly clock: Clock;
  readonly rng: Rng;
  readonly logger: Logger;
  /** Resolves with the reason once a drain has ended. */
  readonly drained: Promise<string>;
  readonly #options: ResolvedHostOptions;
  readonly #dispatcher: Dispatcher;
  readonly #events: EventHub;
  readonly #sockets: HostSockets;
  readonly #handlers: BaseHandler[] = [];
  readonly #started: BaseHandler[] = [];
  readonly #lag = new EventLoopLag();
  readonly #healthBeat: HealthBeat;
  readonly #bornMs: number;
  #state: HostState = 'new';
  #resolveDrained: (reason: string) => void = () => undefined;
  #drain: Promise<void> | undefined;
  #health: Promise<HostHealth> | undefined;

  constructor(options: ServiceHostOptions) {
    this.#options = resolveHostOptions(options);
    this.clock = options.clock;
    this.rng = options.rng;
    this.logger = options.logger;
    this.#bornMs = this.clock.monotonicMs();
    this.drained = new Promise((resolve) => {
      this.#resolveDrained = resolve;
    });
    this.#events = new EventHub(this);
    this.#dispatcher = new Dispatcher({
      ...this.#options,
      interceptors: [...this.#options.interceptors, idempotencyInterceptor(this.#options.idempotency)],
      observers: [...this.#options.observers, ...requestLog(this.logger)],
      publish: (topic, body) => this.publish(topic, body),
    });
    this.#dispatcher.stop(new ServiceError('UNAVAILABLE', 'the host has not started'));
    this.#sockets = new HostSockets(this.#options, this.#events, (request, finish) =>
      this.submit(request, finish),
    );
    this.#healthBeat = new HealthBeat({
      clock: this.clock,
      logger: this.logger,
      health: () => this.health(),
      publish: (topic, body) => this.publish(topic, body),
    });
    this.register(new ServiceHandler(this));
  }

  get state(): HostState {
    return this.#state;
  }

  /**
   * Adds a handler; before the host starts only.
   *
   * @throws ServiceError ALREADY_EXISTS for a command that has a handler, FAILED_PRECONDITION once started
   */
  register(handler: BaseHandler): this {
    this.#mustBeNew('handlers are registered before the host starts');
    this.#dispatcher.register(handler);
    this.#handlers.push(handler);
    return this;
  }

  /** The commands of all handlers, built-in ones included. */
  commands(): readonly CommandSpec[] {
    return [...this.#dispatcher.entries].map((entry) => entry.spec);
  }

  /**
   * Starts the handlers, in order of registration; they may call those started before them. Without
   * `listen()` the host then serves its own process only. When one fails, those that have started are
   * stopped and its error is thrown.
   */
  async start(): Promise<void> {
    this.#mustBeNew('a host starts once');
    this.#state = 'starting';
    this.#dispatcher.close(notServing('UNAVAILABLE', 'the host is starting', 'starting'));
    try {
      for (const handler of this.#handlers) {
        await handler.start?.(this);
        this.#started.push(handler);
      }
    } catch (error) {
      await this.#stopHandlers();
      this.#state = 'stopped';
      this.#dispatcher.stop(new ServiceError('UNAVAILABLE', 'the host failed to start'));
      throw error;
    }
    this.#lag.start();
    this.#state = 'serving';
    this.#dispatcher.open();
    this.#healthBeat.start();
  }

  /**
   * Binds the sockets, after starting the handlers where that has not been done.
   *
   * @returns the endpoints as bound
   * @throws ServiceError FAILED_PRECONDITION for an address that is taken, or without CURVE not loopback or ipc, or
   *   a key file that others can read; INVALID_ARGUMENT, NOT_FOUND for keys and lists that make no sense
   */
  listen(options: PlainListenOptions): Promise<HostEndpoints>;
  listen(options: CurveListenOptions): Promise<CurveEndpoints>;
  listen(options: ListenOptions): Promise<BoundEndpoints>;
  async listen(options: ListenOptions): Promise<BoundEndpoints> {
    this.#sockets.check(options);
    if (this.#state === 'new') await this.start();
    if (this.#state !== 'serving')
      throw new ServiceError('FAILED_PRECONDITION', `a host that is ${this.#state} cannot listen`);
    try {
      return await this.#sockets.bind(options);
    } catch (error) {
      await this.drain('the sockets could not be bound');
      throw error;
    }
  }

  /** Looks at the lists of client keys now rather than within their `pollMs`; nothing for a plain host. */
  reloadKeys(): void {
    this.#sockets.reloadKeys();
  }

  /** Calls a handler with the host's own authority: no admission, no role, also while draining. */
  call<T = unknown>(command: string, payload?: unknown, options: HandlerCallOptions = {}): Promise<T> {
    return this.#dispatcher.callFrom(undefined, command, payload, options) as Promise<T>;
  }

  stream<T = unknown, R = unknown>(
    command: string,
    payload?: unknown,
    options: HandlerStreamOptions = {},
  ): HandlerStream<T, R> {
    return this.#dispatcher.streamFrom<T, R>(undefined, command, payload, options);
  }

  publish(topic: string, body: unknown): void {
    this.#events.publish(topic, body);
  }

  submit(request: InboundRequest, finish: Finish): PendingRequest {
    return this.#dispatcher.submit(request, finish);
  }

  subscribe(topicPrefix: string, listener: EventListener): Subscription {
    return this.#events.subscribe(topicPrefix, listener);
  }

  describe(): HostDescription {
    const { name, version } = this.#options;
    const { endpoints } = this.#sockets;
    return { name, version, protocol: 1, endpoints, commands: describeCommands(this.commands()) };
  }

  /** Those who ask at the same time get the same answer: looking at the ports takes connections. */
  health(): Promise<HostHealth> {
    this.#health ??= this.#examine().finally(() => {
      this.#health = undefined;
    });
    return this.#health;
  }

  async #examine(): Promise<HostHealth> {
    const sockets = await this.#sockets.probe();
    const handlers = this.#handlers.map((handler) => healthOf(handler, this.#started.includes(handler)));
    const healthy =
      !this.#sockets.full &&
      sockets.every(({ open }) => open) &&
      handlers.every(({ ready, essential }) => ready || essential === false);
    return {
      live: true,
      ready: this.#state === 'serving' && healthy,
      state: this.#state,
      uptimeMs: this.#uptimeMs(),
      eventLoopLag: this.#lag.read(),
      sockets,
      handlers,
    };
  }

  stats(): HostStats {
    const commands = this.#dispatcher.stats();
    return {
      name: this.#options.name,
      version: this.#options.version,
      uptimeMs: this.#uptimeMs(),
      inFlight: this.#dispatcher.inFlight,
      queued: commands.reduce((sum, { queued }) => sum + queued, 0),
      heldBytes: this.#dispatcher.heldBytes,
      eventLoopLag: this.#lag.read(),
      memory: readMemory(),
      sockets: this.#sockets.counts(),
      commands,
    };
  }

  /** Live counters of every command, for the metrics page. */
  counters(): Iterable<CommandCounters> {
    return this.#dispatcher.counters();
  }

  /**
   * Stops the host in good order: admits nothing more, lets what runs finish within `drainTimeoutMs`,
   * stops the handlers in reverse order, sends the last replies, closes the sockets. Never rejects; a
   * second call joins the first.
   */
  drain(reason: string): Promise<void> {
    this.#drain ??= this.#drainOnce(reason);
    return this.#drain;
  }

  async #drainOnce(reason: string): Promise<void> {
    this.logger.info({ reason, inFlight: this.#dispatcher.inFlight }, 'draining');
    if (this.#state !== 'stopped') this.#state = 'draining';
    this.#dispatcher.close(notServing('FAILED_PRECONDITION', `the host is draining: ${reason}`, 'draining'));
    await this.#healthBeat.stop();
    await this.#within(this.#dispatcher.whenIdle());
    this.#dispatcher.cancelAll(new ServiceError('UNAVAILABLE', 'the host stopped before this ended'));
    await this.#stopHandlers();
    this.#state = 'stopped';
    this.#dispatcher.stop(notServing('UNAVAILABLE', 'the host has stopped', 'stopped'));
    await this.#sockets.close();
    this.#lag.stop();
    this.logger.info({ reason }, 'stopped');
    this.#resolveDrained(reason);
  }

  async #stopHandlers(): Promise<void> {
    for (const handler of this.#started.splice(0).reverse()) {
      try {
        await this.#within(Promise.resolve(handler.stop?.()));
      } catch (err) {
        this.logger.error({ err, handler: handler.constructor.name }, 'a handler failed to stop');
      }
    }
  }

  /** Waits for `work`, at most the drain's time. */
  async #within(work: Promise<void>): Promise<void> {
    const { promise, cancel } = timeLimit(this.clock, this.#options.drainTimeoutMs);
    try {
      await Promise.race([work, promise]);
    } finally {
      cancel();
    }
  }

  #uptimeMs(): number {
    return Math.round(this.clock.monotonicMs() - this.#bornMs);
  }

  #mustBeNew(rule: string): void {
    if (this.#state !== 'new') throw new ServiceError('FAILED_PRECONDITION', `${rule}; it is ${this.#state}`);
  }
}

/** For a request that nothing was done about: a client with several hosts asks another one. */
function notServing(code: ErrorCode, message: string, hostState: HostState): ServiceError {
  return new ServiceError(code, message, { details: { hostState } });
}

function timeLimit(clock: Clock, limitMs: number): { promise: Promise<void>; cancel: () => void } {
  let cancel = (): void => undefined;
  const promise = new Promise<void>((resolve) => {
    const timer = clock.schedule(limitMs, resolve);
    cancel = () => timer.cancel();
  });
  return { promise, cancel };
}

import { ServiceError, SystemClock } from '../../runtime/index.js';
import {
  BaseHandler,
  type CommandSpec,
  ForwardedPayload,
  type HandlerHealth,
  type HandlerHost,
  isStreaming,
  type RequestContext,
} from '../handler/index.js';
import {
  type IsolatedHandlerOptions,
  type ResolvedLimits,
  resolveLimits,
} from './isolated-handler-options.js';
import type { LiveSide } from './live-side.js';
import { LiveStream } from './live-stream.js';
import type { Loaded, ReportedCommand } from './messages.js';
import { openProcessLink } from './process-link.js';
import { Supervisor } from './supervisor.js';
import { openWorkerLink } from './worker-link.js';

/** When a shed request may try again, ms: a few answers later. */
const SHED_RETRY_MS = 10;

/**
 * Stands on the host for a handler that lives in a worker thread or child process. Payloads reach that one
 * as they came and are decoded and checked there; replies leave as it encoded them. Whatever it does, it
 * costs its own requests only: they end with UNAVAILABLE and it is started again.
 */
export class IsolatedHandler extends BaseHandler {
  override readonly handlerName: string;
  override readonly maxBatch?: number;
  /** The properties named in `report`, as they were once the handler was made. */
  readonly reported: Readonly<Record<string, unknown>>;
  readonly #options: IsolatedHandlerOptions;
  readonly #limits: ResolvedLimits;
  readonly #supervisor: Supervisor;
  readonly #commands: readonly CommandSpec[];
  readonly #streaming: ReadonlySet<string>;

  private constructor(
    options: IsolatedHandlerOptions,
    limits: ResolvedLimits,
    supervisor: Supervisor,
    loaded: Loaded,
  ) {
    super();
    this.#options = options;
    this.#limits = limits;
    this.#supervisor = supervisor;
    this.handlerName = options.name ?? loaded.className;
    this.reported = loaded.properties;
    if (loaded.maxBatch !== undefined) this.maxBatch = loaded.maxBatch;
    this.#commands = loaded.commands.map((command) => this.#specOf(command));
    this.#streaming = new Set(this.#commands.filter(isStreaming).map(({ name }) => name));
  }

  /**
   * Launches the thread or process and learns what the handler answers; it starts with its host.
   *
   * @throws ServiceError INVALID_ARGUMENT for a bad limit, FAILED_PRECONDITION when the module makes no
   *   handler, UNAVAILABLE when it ends or takes too long
   */
  static async load(options: IsolatedHandlerOptions): Promise<IsolatedHandler> {
    const { module, exportName, report, isolation, env, clock, rng, logger } = options;
    const limits = resolveLimits(options);
    const name = options.name ?? exportName ?? String(module).replace(/^.*\//, '');
    const supervisor = new Supervisor({
      name,
      source: { moduleUrl: String(module), exportName, options: options.options, report: report ?? [] },
      open: isolation === 'process' ? openProcessLink : openWorkerLink,
      env,
      limits,
      clock,
      rng,
      logger: logger.child({ isolated: name }),
    });
    return new IsolatedHandler(options, limits, supervisor, await supervisor.load());
  }

  override getCommands(): readonly CommandSpec[] {
    return this.#commands;
  }

  override handleRequest(command: string, payload: unknown, context: RequestContext): unknown {
    const forwarded = payload as ForwardedPayload;
    if (!this.#streaming.has(command)) return this.#call(command, forwarded, context, false);
    const side = this.#sideFor(command);
    const encoded = forwarded.encode();
    return new LiveStream(side, command, encoded, context, encoded !== undefined && forwarded.cameEncoded);
  }

  /** @throws ServiceError FAILED_PRECONDITION for simulated time, which does not reach another thread */
  override async start(host: HandlerHost): Promise<void> {
    if (!(host.clock instanceof SystemClock)) {
      await this.stop();
      throw new ServiceError(
        'FAILED_PRECONDITION',
        `${this.handlerName}: a host with a clock of its own needs the handler inline`,
      );
    }
    await this.#supervisor.start(host);
  }

  override stop(): Promise<void> {
    return this.#supervisor.stop();
  }

  override health(): HandlerHealth {
    const { state, restarts, lastError, side } = this.#supervisor;
    const own = side?.vitals?.health;
    return {
      ready: state === 'ready' && own?.ready !== false,
      ...(this.#options.essential === false ? { essential: false } : {}),
      detail: {
        isolation: this.#options.isolation,
        state,
        restarts,
        ...(side === undefined
          ? {}
          : { in: side.link.label, inFlight: side.inFlight, hung: side.hung(this.#limits.graceMs) }),
        ...(side?.vitals === undefined ? {} : { memoryBytes: side.vitals.memoryBytes }),
        ...(lastError === undefined ? {} : { lastError }),
        ...(own?.detail === undefined ? {} : { handler: own.detail }),
      },
    };
  }

  #specOf(command: ReportedCommand): CommandSpec {
    const { request, response, stream, ...spec } = command;
    const digest = (payload: ForwardedPayload, context: RequestContext): Promise<string> =>
      this.#call(command.name, payload, context, true) as Promise<string>;
    const schemas = { request, response, ...(stream === undefined ? {} : { stream }) };
    return { ...spec, forward: { ...schemas, digest } };
  }

  #call(
    command: string,
    payload: ForwardedPayload,
    context: RequestContext,
    digestOnly: boolean,
  ): Promise<unknown> {
    let side: LiveSide;
    try {
      side = this.#sideFor(command);
    } catch (refused) {
      return Promise.reject(refused);
    }
    const encoded = payload.encode();
    // An answer to a key is kept, and may be asked for again in another codec.
    const asBytes =
      encoded !== undefined && payload.cameEncoded && !digestOnly && context.idempotency === undefined;
    return side.call(command, encoded, context, { digestOnly, asBytes });
  }

  /** The life that takes the next request. @throws ServiceError UNAVAILABLE, RESOURCE_EXHAUSTED */
  #sideFor(command: string): LiveSide {
    const side = this.#supervisor.ready;
    if (!side) throw this.#supervisor.unavailable();
    if (side.inFlight < this.#limits.maxInFlight) return side;
    const why = `${side.inFlight} requests are in flight, ${this.#limits.maxInFlight} allowed`;
    throw new ServiceError('RESOURCE_EXHAUSTED', `${command}: ${why}`, { retryAfterMs: SHED_RETRY_MS });
  }
}

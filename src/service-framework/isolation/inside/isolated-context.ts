import { setMaxListeners } from 'node:events';
import type { Clock, Logger, Rng, ServiceError } from '../../../runtime/index.js';
import type {
  HandlerCallOptions,
  HandlerHost,
  HandlerStream,
  HandlerStreamOptions,
  Idempotency,
  RequestContext,
  Role,
} from '../../handler/index.js';
import type { CallMessage } from '../messages.js';
import type { HostCalls } from './host-calls.js';

/** What the isolated side shares among all its requests. */
export interface SideEnvironment {
  readonly clock: Clock;
  readonly rng: Rng;
  readonly logger: Logger;
  readonly hostCalls: HostCalls;
}

/** The host as a handler on the isolated side sees it. */
export function handlerHostOf({ clock, rng, logger, hostCalls }: SideEnvironment): HandlerHost {
  return {
    clock,
    rng,
    logger,
    call: <T>(command: string, payload?: unknown, options: HandlerCallOptions = {}) =>
      hostCalls.call(undefined, command, payload, options) as Promise<T>,
    stream: <T, R>(command: string, payload?: unknown, options: HandlerStreamOptions = {}) =>
      hostCalls.stream<T, R>(undefined, command, payload, options),
    publish: (topic, body) => hostCalls.publish(topic, body, logger),
  };
}

/** The context of one request on the isolated side. */
export class IsolatedContext implements RequestContext {
  readonly command: string;
  readonly requestId: number | string;
  readonly role: Role;
  readonly deadlineMs: number;
  readonly key: string | undefined;
  readonly idempotency: Idempotency | undefined;
  readonly traceparent: string | undefined;
  readonly #id: number;
  readonly #side: SideEnvironment;
  #logger: Logger | undefined;
  #abort: AbortController | undefined;
  #abortReason: ServiceError | undefined;

  constructor(side: SideEnvironment, call: CallMessage) {
    const { clock } = side;
    this.#side = side;
    this.#id = call.id;
    this.command = call.command;
    this.requestId = call.requestId;
    this.role = call.role;
    this.deadlineMs = clock.monotonicMs() + (call.deadlineUnixMs - clock.nowMs());
    this.key = call.key;
    this.idempotency = call.idempotency;
    this.traceparent = call.traceparent;
  }

  get clock(): Clock {
    return this.#side.clock;
  }
  get rng(): Rng {
    return this.#side.rng;
  }
  get logger(): Logger {
    this.#logger ??= this.#side.logger.child({ command: this.command, requestId: this.requestId });
    return this.#logger;
  }
  get signal(): AbortSignal {
    if (!this.#abort) {
      this.#abort = new AbortController();
      setMaxListeners(0, this.#abort.signal);
      if (this.#abortReason) this.#abort.abort(this.#abortReason);
    }
    return this.#abort.signal;
  }
  /** The host waits no more. */
  get aborted(): ServiceError | undefined {
    return this.#abortReason;
  }

  remainingMs(): number {
    return Math.max(0, this.deadlineMs - this.clock.monotonicMs());
  }

  call<T>(command: string, payload?: unknown, options: HandlerCallOptions = {}): Promise<T> {
    return this.#side.hostCalls.call(this.#id, command, payload, options) as Promise<T>;
  }

  stream<T, R>(command: string, payload?: unknown, options: HandlerStreamOptions = {}): HandlerStream<T, R> {
    return this.#side.hostCalls.stream<T, R>(this.#id, command, payload, options);
  }

  publish(topic: string, body: unknown): void {
    this.#side.hostCalls.publish(topic, body, this.logger);
  }

  abort(reason: ServiceError): void {
    this.#abortReason ??= reason;
    this.#abort?.abort(this.#abortReason);
  }
}

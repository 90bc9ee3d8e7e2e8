import { ServiceError } from '../../runtime/index.js';
import { type CommandMethod, markedCommandsOf } from './command.js';
import type { CommandSpec } from './command-spec.js';
import type { HandlerHost, RequestContext } from './request-context.js';

/** A handler's own view of whether it can serve. */
export interface HandlerHealth {
  readonly ready: boolean;
  /** False: the host is ready without it; its own calls fail while it is not. Default true. */
  readonly essential?: boolean;
  /** Why not, or what else a person on call would want to know. Plain values only. */
  readonly detail?: string | Readonly<Record<string, unknown>>;
}

/** One request of a batch. */
export interface BatchRequest {
  /** As `handleRequest()` would get it. */
  readonly payload: unknown;
  readonly context: RequestContext;
}

/**
 * The one contract of everything that answers commands: experts, voting, learning and all later
 * services. A subclass marks methods with {@link Command}, or overrides `getCommands()` and
 * `handleRequest()` where the commands are known only at run time.
 */
export abstract class BaseHandler {
  #methods: Map<string, CommandMethod> | undefined;

  /** The commands it answers; read once, at registration. */
  getCommands(): readonly CommandSpec[] {
    return markedCommandsOf(this).map(({ spec }) => spec);
  }

  /**
   * Answers one request. The host has already checked payload, role, key and deadline.
   *
   * @param payload an instance of the command's request class, or undefined when it takes none
   * @returns a plain value or DTO, or a native Promise of one; any other object with a `then` is
   *   data and is not awaited. For a command that streams: an async iterable of its items, whose
   *   return value is the reply that ends it
   * @throws ServiceError becomes the reply; anything else becomes INTERNAL and is logged
   */
  handleRequest(command: string, payload: unknown, context: RequestContext): unknown {
    this.#methods ??= this.#bindMethods();
    const method = this.#methods.get(command);
    if (!method) throw new ServiceError('UNIMPLEMENTED', `no such command: ${JSON.stringify(command)}`);
    return method(payload as never, context);
  }

  /**
   * Where it is implemented it is called instead of `handleRequest()`: with all requests of one command
   * that came in one turn of the event loop, or waited while the batch before ran; one batch of the
   * handler at a time, at most `maxBatch` requests. A batch whose requests have all ended (answered,
   * overdue, cancelled) holds up nothing. A request that waits for another of the same handler waits for
   * a batch that cannot begin before its own ends.
   *
   * @returns one answer for each request, in their order: a value, a native Promise of one, or an Error
   *   (a ServiceError, if the caller is to know more than INTERNAL)
   * @throws ServiceError fails all of them
   */
  handleBatch?(
    command: string,
    requests: readonly BatchRequest[],
  ): readonly unknown[] | Promise<readonly unknown[]>;

  /** Requests in one batch at most. Default 64. */
  readonly maxBatch?: number;

  /** Its name in `service.health` and logs; absent = that of its class. */
  readonly handlerName?: string;

  /** Called once before the host serves: load, warm up, replay. A rejection stops the host's start. */
  start?(host: HandlerHost): Promise<void>;

  /** Called once after the last request has ended: flush and release. */
  stop?(): Promise<void>;

  /** Asked by `service.health`; a handler without it is ready once started. Must be quick. */
  health?(): HandlerHealth;

  #bindMethods(): Map<string, CommandMethod> {
    const methods = new Map<string, CommandMethod>();
    for (const { spec, method } of markedCommandsOf(this)) {
      const found = (this as unknown as Record<string | symbol, CommandMethod>)[method] as CommandMethod;
      methods.set(spec.name, found.bind(this));
    }
    return methods;
  }
}

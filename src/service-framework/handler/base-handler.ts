import { ServiceError } from '../../runtime/index.js';
import { type CommandMethod, markedCommandsOf } from './command.js';
import type { CommandSpec } from './command-spec.js';
import type { HandlerHost, RequestContext } from './request-context.js';

/** A handler's own view of whether it can serve. */
export interface HandlerHealth {
  readonly ready: boolean;
  /** Why not, or what else a person on call would want to know. Plain values only. */
  readonly detail?: string | Readonly<Record<string, unknown>>;
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
   *   data and is not awaited
   * @throws ServiceError becomes the reply; anything else becomes INTERNAL and is logged
   */
  handleRequest(command: string, payload: unknown, context: RequestContext): unknown {
    this.#methods ??= this.#bindMethods();
    const method = this.#methods.get(command);
    if (!method) throw new ServiceError('UNIMPLEMENTED', `no such command: ${JSON.stringify(command)}`);
    return method(payload as never, context);
  }

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

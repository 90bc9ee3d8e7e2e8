import { type CommandOptions, type CommandSpec, checkCommandName } from './command-spec.js';
import type { RequestContext } from './request-context.js';

/** A method that answers a command: its checked payload in, a plain value or DTO out. */
export type CommandMethod = (payload: never, context: RequestContext) => unknown;

/** A command and the method that answers it. */
export interface MarkedCommand {
  readonly spec: CommandSpec;
  readonly method: string | symbol;
}

/** Per prototype, its own marked methods only; bases are read through the prototype chain. */
const MARKED = new WeakMap<object, Map<string | symbol, CommandSpec[]>>();

/**
 * Marks a method of a {@link BaseHandler} as the answer to a command:
 *
 *     @Command('order_flow.predict', { request: MarketQuestion, response: Vote, summary: '…' })
 *     predict(question: MarketQuestion, context: RequestContext): Vote { … }
 *
 * Several commands may be marked on one method. A subclass that overrides the method without
 * marking it keeps the command; one that marks it replaces the base's.
 *
 * @throws ServiceError INVALID_ARGUMENT when the name is not `service.verb`
 */
export function Command(name: string, options: CommandOptions) {
  const spec: CommandSpec = Object.freeze({ ...options, name: checkCommandName(name) });
  return <M extends CommandMethod>(
    prototype: object,
    method: string | symbol,
    _descriptor: TypedPropertyDescriptor<M>,
  ): void => {
    const own = MARKED.get(prototype) ?? new Map<string | symbol, CommandSpec[]>();
    MARKED.set(prototype, own);
    // Decorators apply from the last to the first; keep them in reading order.
    own.set(method, [spec, ...(own.get(method) ?? [])]);
  };
}

/** The marked methods of an object, its bases' included, in order of declaration from the base down. */
export function markedCommandsOf(handler: object): readonly MarkedCommand[] {
  const chain: object[] = [];
  for (let at: object | null = Object.getPrototypeOf(handler); at; at = Object.getPrototypeOf(at))
    chain.unshift(at);
  const byMethod = new Map<string | symbol, CommandSpec[]>();
  for (const prototype of chain)
    for (const [method, specs] of MARKED.get(prototype) ?? []) byMethod.set(method, specs);
  return [...byMethod].flatMap(([method, specs]) => specs.map((spec) => ({ spec, method })));
}

import { invalidArgument, ServiceError } from '../../runtime/index.js';
import type { ForwardedPayload } from './forwarded-payload.js';
import type { RequestContext } from './request-context.js';
import type { Role } from './role.js';
import type { JsonSchema } from './validation/json-schema.js';

/**
 * A class whose decorated fields describe one payload. It is constructed without arguments; an
 * abstract class or one that needs arguments cannot be a DTO.
 */
export type DtoClass<T extends object = object> = new () => T;

/**
 * `required`: the command has effects and is refused without an idempotency key.
 * `optional`: with a key it has effect once, without one every time.
 */
export type KeyUse = 'required' | 'optional';

/** What is declared about a command, beside its name. */
export interface CommandOptions {
  /** One sentence for `service.describe`. */
  readonly summary: string;
  /** The payload's class; absent = the command takes no payload and ignores one. */
  readonly request?: DtoClass;
  /** The reply's class; documents the reply, which is encoded as it is. */
  readonly response?: DtoClass;
  /** The reply is an array of `response`. */
  readonly responseArray?: boolean;
  /**
   * The reply is a stream of items of this class, ended by a `response`: the method is an async generator. It is
   * resumed as the caller grants items, and ended (`return()`) when nobody waits any more. Not with a `key`.
   */
  readonly stream?: DtoClass;
  /** Absent = the command takes no idempotency key and ignores one. */
  readonly key?: KeyUse;
  /** Roles that may call it; absent = every role. */
  readonly roles?: readonly Role[];
  /** Served from the reserved lane: admitted also when the host is full or draining. */
  readonly reserved?: boolean;
  /** How many of its requests may run at once; absent = as many as measurement shows to be of use. */
  readonly concurrency?: number;
}

/** JSON Schemas of a command's payload and reply; null = none. */
export interface CommandSchemas {
  readonly request: JsonSchema | null;
  readonly response: JsonSchema | null;
  /** Of one item; absent = the reply comes in one piece. */
  readonly stream?: JsonSchema;
}

/**
 * For a command whose classes are out of reach, in another thread or process: its handler gets a
 * {@link ForwardedPayload} and sees to decoding and checks where the classes are.
 */
export interface CommandForwarding extends CommandSchemas {
  /**
   * The digest of the checked payload, as the host would make it (see `Idempotency`).
   *
   * @throws ServiceError INVALID_ARGUMENT
   */
  digest(payload: ForwardedPayload, context: RequestContext): Promise<string>;
}

/** A command that a handler answers. */
export interface CommandSpec extends CommandOptions {
  /** `service.verb`, lower snake case, at most 128 characters. */
  readonly name: string;
  /** Stands in place of `request` and `response`. */
  readonly forward?: CommandForwarding;
}

/** Whether the command's reply is a stream of items. */
export function isStreaming({ stream, forward }: CommandSpec): boolean {
  return stream !== undefined || forward?.stream !== undefined;
}

/**
 * @throws ServiceError INVALID_ARGUMENT for a stream with an idempotency key: an answer that is kept for a repeat is
 *   one piece
 */
export function checkStreaming(spec: CommandSpec): void {
  if (!isStreaming(spec) || spec.key === undefined) return;
  throw new ServiceError('INVALID_ARGUMENT', `${spec.name}: a stream takes no idempotency key`, {
    field: 'key',
  });
}

/** Longest command name of the wire protocol, in characters. */
export const MAX_COMMAND_CHARACTERS = 128;

const COMMAND_NAME = /^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$/;

/** Whether a text has the shape of a command name. */
export function isCommandName(text: string): boolean {
  return text.length <= MAX_COMMAND_CHARACTERS && COMMAND_NAME.test(text);
}

/** @throws ServiceError INVALID_ARGUMENT when the name is not `service.verb` */
export function checkCommandName(name: string): string {
  if (typeof name === 'string' && isCommandName(name)) return name;
  throw invalidArgument(
    'command',
    name,
    `service.verb in lower snake case, at most ${MAX_COMMAND_CHARACTERS} characters`,
  );
}

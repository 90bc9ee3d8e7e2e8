import { invalidArgument, ServiceError } from '../../runtime/index.js';
import type { CommandSpec, Role } from '../handler/index.js';

/** Longest idempotency key of the wire protocol, in characters. */
const MAX_KEY_CHARACTERS = 128;

/** @throws ServiceError PERMISSION_DENIED when the command does not name the role */
export function checkRole(spec: CommandSpec, role: Role): void {
  if (spec.roles === undefined || spec.roles.includes(role)) return;
  throw new ServiceError('PERMISSION_DENIED', `${spec.name}: not for role ${role}`);
}

/** @throws ServiceError INVALID_ARGUMENT when the command requires a key and has none, or it is malformed */
export function checkKey(spec: CommandSpec, key: string | undefined): void {
  if (spec.key === undefined || (spec.key === 'optional' && key === undefined)) return;
  if (typeof key === 'string' && key.length >= 1 && key.length <= MAX_KEY_CHARACTERS) return;
  throw invalidArgument('key', key, `a string of 1 to ${MAX_KEY_CHARACTERS} characters for ${spec.name}`);
}

/** @throws ServiceError INVALID_ARGUMENT when so many requests cannot run at once */
export function checkConcurrency(name: string, concurrency: number): void {
  if (Number.isSafeInteger(concurrency) && concurrency >= 1) return;
  throw invalidArgument('concurrency', concurrency, `an integer of at least 1 for ${name}`);
}

/** @throws ServiceError INVALID_ARGUMENT when a stream is asked for in one piece, or the other way round */
export function checkStream(command: string, streams: boolean, asked: boolean): void {
  if (streams === asked) return;
  const why = streams ? 'answers with a stream; ask with initial credit' : 'does not answer with a stream';
  throw new ServiceError('INVALID_ARGUMENT', `stream: ${command} ${why}`, { field: 'stream' });
}

/** @throws ServiceError INVALID_ARGUMENT when a waiting time is no positive number */
export function checkTimeout(timeoutMs: number): void {
  if (typeof timeoutMs === 'number' && timeoutMs > 0 && timeoutMs < Number.POSITIVE_INFINITY) return;
  throw invalidArgument('timeoutMs', timeoutMs, 'a positive number of milliseconds');
}

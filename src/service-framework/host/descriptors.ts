import { readdirSync, readFileSync } from 'node:fs';
import { invalidArgument, ServiceError } from '../../runtime/index.js';

/** File descriptors of this process. */
export interface Descriptors {
  readonly open: number;
  readonly limit: number;
}

/** Kept free for files, journals, other sockets: at the limit the socket library's thread spins at full speed. */
const LEAST_RESERVE = 64;
const RESERVED_FRACTION = 1 / 8;
/** Fewer make no host, however small. */
const LEAST_CONNECTIONS = 16;

/** Undefined where the system does not tell. */
export function readDescriptors(): Descriptors | undefined {
  const limit = descriptorLimit();
  if (limit === undefined) return undefined;
  try {
    return { open: readdirSync('/proc/self/fd').length, limit };
  } catch (error) {
    // Looking takes a descriptor, too.
    return (error as NodeJS.ErrnoException).code === 'EMFILE' ? { open: limit, limit } : undefined;
  }
}

function descriptorLimit(): number | undefined {
  try {
    const [, soft] = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8')) ?? [];
    return soft === undefined ? undefined : Number(soft);
  } catch {
    return undefined;
  }
}

/** Descriptors that connections must leave alone. */
export function reserveOf(limit: number): number {
  return Math.max(LEAST_RESERVE, Math.floor(limit * RESERVED_FRACTION));
}

/**
 * Connections that may be open at once, given what the system allows.
 *
 * @param wanted undefined = as many as there is room for
 * @throws ServiceError FAILED_PRECONDITION when there is no room for them
 */
export function roomForConnections(descriptors: Descriptors | undefined, wanted: number | undefined): number {
  if (wanted !== undefined && !(wanted >= 1)) throw invalidArgument('maxConnections', wanted, 'at least 1');
  if (!descriptors) return wanted ?? Number.POSITIVE_INFINITY;
  const { open, limit } = descriptors;
  const room = limit - open - reserveOf(limit);
  if (room >= (wanted ?? LEAST_CONNECTIONS)) return wanted ?? room;
  throw new ServiceError(
    'FAILED_PRECONDITION',
    `maxConnections: ${wanted ?? LEAST_CONNECTIONS} connections need more file descriptors: of ${limit} allowed ` +
      `(ulimit -n) ${open} are open and ${reserveOf(limit)} kept free`,
    { field: 'maxConnections' },
  );
}

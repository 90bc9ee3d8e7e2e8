import { closeSync, constants, fstatSync, openSync, readFileSync, type Stats } from 'node:fs';
import { ServiceError } from '../../runtime/index.js';

/** Key files are a few lines; anything longer is something else. */
const MAX_BYTES = 1024 * 1024;
const OTHERS_READ_OR_WRITE = 0o077;
const OTHERS_WRITE = 0o022;

/** `secret`: its owner only; `trusted`: anyone may read, its owner only may write. */
export type FileProtection = 'secret' | 'trusted';

/**
 * Reads a file whose contents the security of the host rests on, and refuses it where others could have read or
 * written it. The checks are made on the open file, so that it cannot be exchanged between check and reading.
 *
 * @returns undefined when there is no such file
 * @throws ServiceError FAILED_PRECONDITION that names the file, its mode and what to do
 */
export function readProtectedFile(path: string, protection: FileProtection): string | undefined {
  let descriptor: number;
  try {
    descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw unreadable(path, cause);
  }
  try {
    checkStats(path, fstatSync(descriptor), protection);
    return readFileSync(descriptor, 'utf8');
  } catch (cause) {
    if (cause instanceof ServiceError) throw cause;
    throw unreadable(path, cause);
  } finally {
    closeSync(descriptor);
  }
}

function checkStats(path: string, stats: Stats, protection: FileProtection): void {
  if (!stats.isFile() || stats.size > MAX_BYTES)
    throw refused(path, `is no file of at most ${MAX_BYTES} bytes`);
  // The modes and owners of Windows say nothing.
  if (process.platform === 'win32' || process.getuid === undefined) return;
  const mode = (stats.mode & 0o777).toString(8).padStart(4, '0');
  if (stats.uid !== process.getuid() && stats.uid !== 0)
    throw refused(path, `belongs to user ${stats.uid}; must belong to user ${process.getuid()} or 0`);
  if (protection === 'secret' && (stats.mode & OTHERS_READ_OR_WRITE) !== 0)
    throw refused(path, `has mode ${mode}, so others can use its secret; must be 0600: chmod 600 ${path}`);
  if (protection === 'trusted' && (stats.mode & OTHERS_WRITE) !== 0)
    throw refused(
      path,
      `has mode ${mode}, so others can change it; must be 0644 or less: chmod go-w ${path}`,
    );
}

function refused(path: string, why: string): ServiceError {
  return new ServiceError('FAILED_PRECONDITION', `${path}: ${why}`, { field: path });
}

function unreadable(path: string, cause: unknown): ServiceError {
  const code = (cause as NodeJS.ErrnoException).code ?? 'unknown';
  return new ServiceError('FAILED_PRECONDITION', `${path}: cannot be read: ${code}`, { field: path, cause });
}

import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readdirSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { ServiceError } from '../../runtime/index.js';

/** Names inside a data folder. */
export interface JournalFiles {
  readonly folder: string;
  /** The SQLite database; beside it `-wal` and `-shm` while in use. */
  readonly database: string;
  /** The end of the journal as last made safe against power loss (see HeadFile). */
  readonly head: string;
  readonly lock: string;
  readonly lockHolder: string;
  readonly checkpoints: string;
  /** There while a repair replaces the files: what lies beside it is neither the old journal nor the new one. */
  readonly repairing: string;
}

/** The layout of a data folder. */
export function journalFiles(dataDir: string): JournalFiles {
  const folder = resolve(dataDir);
  return {
    folder,
    database: join(folder, 'journal.db'),
    head: join(folder, 'journal.head'),
    lock: join(folder, 'lock.db'),
    lockHolder: join(folder, 'lock.json'),
    checkpoints: join(folder, 'checkpoints'),
    repairing: join(folder, 'repairing'),
  };
}

/** Makes the names in a folder survive power loss: fsync of a file alone does not cover its name. */
export function syncFolder(folder: string): void {
  // Windows cannot open a folder; its file systems journal names themselves.
  if (process.platform === 'win32') return;
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** Creates a folder readable by its owner only, and fsyncs every name on the way that is new. */
export function createFolder(folder: string): void {
  if (existsSync(folder)) {
    if (!statSync(folder).isDirectory())
      throw new ServiceError('FAILED_PRECONDITION', `${folder}: not a folder`);
    return;
  }
  const parent = dirname(folder);
  if (parent !== folder) createFolder(parent);
  mkdirSync(folder, { mode: 0o700, recursive: true });
  syncFolder(parent);
}

/** What the file system threw, as a ServiceError that names the place; ServiceErrors as they are. */
export function fileError(thrown: unknown, place: string): ServiceError {
  if (thrown instanceof ServiceError) return thrown;
  const { code } = (thrown ?? {}) as { code?: unknown };
  const isAccess = code === 'EACCES' || code === 'EPERM' || code === 'EROFS' || code === 'ENOTDIR';
  const text = thrown instanceof Error ? thrown.message : String(thrown);
  return new ServiceError(isAccess ? 'FAILED_PRECONDITION' : 'UNAVAILABLE', `${place}: ${text}`, {
    cause: thrown,
  });
}

/** Entries of a folder; none where there is no folder. */
export function listFolder(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}

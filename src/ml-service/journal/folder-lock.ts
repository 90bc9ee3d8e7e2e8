import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { ServiceError } from '../../runtime/index.js';
import type { JournalFiles } from './files.js';
import { SqlDatabase } from './sql-database.js';

function holderOf(path: string): string {
  if (!existsSync(path)) return 'another process';
  try {
    const { pid } = JSON.parse(readFileSync(path, 'utf8')) as { pid?: unknown };
    return typeof pid === 'number' ? `process ${pid}` : 'another process';
  } catch {
    // Being written at this moment: who holds the lock is only a courtesy.
    return 'another process';
  }
}

/**
 * One writer per data folder. The lock is an exclusive transaction on a small database of its own:
 * the operating system drops it with the process, also after kill -9, so that none is ever stale.
 * (It is the only lock Node offers without a native module of our own. Nothing may open `lock.db`
 * by other means in this process: closing any handle of a file drops its POSIX locks.)
 */
export class FolderLock {
  readonly #database: SqlDatabase;
  readonly #holderFile: string;

  /**
   * @param sinceMs Unix milliseconds now, for people who find the folder in use
   * @throws ServiceError FAILED_PRECONDITION naming folder and holder
   */
  constructor(files: JournalFiles, sinceMs: number) {
    this.#holderFile = files.lockHolder;
    this.#database = new SqlDatabase(files.lock, { busyTimeoutMs: 0 });
    try {
      this.#database.exec('BEGIN EXCLUSIVE');
    } catch (thrown) {
      this.#database.close();
      throw new ServiceError(
        'FAILED_PRECONDITION',
        `${files.folder}: in use by ${holderOf(files.lockHolder)}; one process per data folder`,
        { cause: thrown, details: { folder: files.folder } },
      );
    }
    try {
      writeFileSync(files.lockHolder, `${JSON.stringify({ pid: process.pid, sinceMs })}\n`, { mode: 0o600 });
    } catch {
      // On a full disk nobody learns who holds the folder; that it is held the lock itself says.
    }
  }

  release(): void {
    rmSync(this.#holderFile, { force: true });
    this.#database.exec('ROLLBACK');
    this.#database.close();
  }
}

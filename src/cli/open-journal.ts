import { resolve } from 'node:path';
import { type Journal, openJournal } from '../ml-service/index.js';
import { createLogger, SystemClock } from '../runtime/index.js';

export const DEFAULT_DATA_DIR = '.conclave';
export const DATA_DIR_FLAG = '--data-dir <folder>';
export const DATA_DIR_HELP = 'folder of the journal';

/** Runs `use` on a journal that is only read; the service may be running on it meanwhile. */
export async function withJournal<T>(dataDir: string, use: (journal: Journal) => T | Promise<T>): Promise<T> {
  const journal = await openJournal({
    dataDir: resolve(dataDir),
    clock: new SystemClock(),
    logger: createLogger({ level: 'warn', name: 'conclave' }),
    readOnly: true,
  });
  try {
    return await use(journal);
  } finally {
    await journal.close();
  }
}

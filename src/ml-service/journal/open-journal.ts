import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { type Clock, type Logger, ServiceError } from '../../runtime/index.js';
import { AppendQueue } from './append-queue.js';
import { CheckpointStore } from './checkpoint-store.js';
import { createFolder, fileError, type JournalFiles, journalFiles, syncFolder } from './files.js';
import { FolderLock } from './folder-lock.js';
import { readHeadFile } from './head-file.js';
import type { Journal, JournalFailure } from './journal.js';
import { ReadOnlyJournal } from './read-only-journal.js';
import { RECORD_KINDS, type RecordKinds } from './record.js';
import { RecordReader } from './record-reader.js';
import { checkBeforeWriting } from './recovery.js';
import { createSchema, markClean, readIdentity, schemaOf } from './schema.js';
import { SqlDatabase } from './sql-database.js';
import { SqliteJournal } from './sqlite-journal.js';
import { isUnborn } from './unborn.js';
import { WriterClient } from './writer-client.js';

export interface OpenJournalOptions {
  /** Folder of the journal; created, readable by its owner only, when it does not exist. */
  readonly dataDir: string;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Without lock and writer: beside a running service or without one. */
  readonly readOnly?: boolean;
  /** Kinds accepted and what each promises; `RECORD_KINDS` by default. */
  readonly kinds?: RecordKinds;
}

/**
 * Opens the journal of a data folder.
 *
 * @throws ServiceError FAILED_PRECONDITION when another process has it, its format is newer, or it
 *   cannot be opened; DATA_LOSS, naming file and record, when it is damaged; NOT_FOUND when it is to
 *   be read only and does not exist
 */
export async function openJournal(options: OpenJournalOptions): Promise<Journal> {
  const files = journalFiles(options.dataDir);
  if (existsSync(files.repairing))
    throw new ServiceError('DATA_LOSS', `${files.folder}: its repair was interrupted; run it again`, {
      details: { file: files.repairing },
    });
  try {
    return options.readOnly === true
      ? openReadOnly(files, options.logger)
      : await openToWrite(files, options);
  } catch (thrown) {
    throw fileError(thrown, files.folder);
  }
}

async function openToWrite(files: JournalFiles, options: OpenJournalOptions): Promise<Journal> {
  createFolder(files.folder);
  const lock = new FolderLock(files, options.clock.nowMs());
  try {
    return await openLocked(files, options, lock);
  } catch (thrown) {
    lock.release();
    throw thrown;
  }
}

function openReadOnly(files: JournalFiles, logger: Logger): Journal {
  if (!existsSync(files.database)) throw new ServiceError('NOT_FOUND', `${files.database}: no journal there`);
  const database = new SqlDatabase(files.database, { readOnly: true });
  try {
    if (isUnborn(files, database))
      throw new ServiceError('NOT_FOUND', `${files.database}: no journal there yet`);
    const { genesis, journalId } = readIdentity(database, files.database);
    return new ReadOnlyJournal({
      id: journalId,
      folder: files.folder,
      reader: new RecordReader(database, genesis, files.database),
      checkpoints: new CheckpointStore(files.checkpoints),
      logger,
      end: () => database.close(),
    });
  } catch (thrown) {
    database.close();
    throw thrown;
  }
}

/** One listener that throws keeps neither the others nor the waiting callers from hearing. */
function tell(listener: (failure: JournalFailure) => void, failure: JournalFailure, logger: Logger): void {
  try {
    listener(failure);
  } catch (thrown) {
    logger.error({ error: thrown }, 'a listener to journal failures threw');
  }
}

/** @throws ServiceError DATA_LOSS when something says that there were records in a database now empty */
function mustBeNew(files: JournalFiles, checkpoints: CheckpointStore): void {
  const written = Math.max(readHeadFile(files.head).end?.seq ?? 0, checkpoints.sequences()[0] ?? 0);
  if (written > 0)
    throw new ServiceError('DATA_LOSS', `${files.database}: empty, but record ${written} was written`, {
      details: { file: files.database, seq: 0 },
    });
}

/** Opens the database; a new one gets its tables. */
function openDatabase(files: JournalFiles, checkpoints: CheckpointStore): SqlDatabase {
  const isNew = !existsSync(files.database);
  if (isNew) mustBeNew(files, checkpoints);
  const database = new SqlDatabase(files.database);
  try {
    const mode = database.prepare<{ journal_mode: string }>('PRAGMA journal_mode = WAL').all([]);
    if (mode[0]?.journal_mode !== 'wal')
      throw new ServiceError(
        'FAILED_PRECONDITION',
        `${files.database}: its file system has no shared memory`,
      );
    database.exec('PRAGMA synchronous = FULL');
    if (schemaOf(database).length > 0) return database;
    mustBeNew(files, checkpoints);
    // An identity, not a decision: the one place where randomness may differ between runs.
    createSchema(database, randomUUID());
    if (isNew) syncFolder(files.folder);
    return database;
  } catch (thrown) {
    database.close();
    throw thrown;
  }
}

async function openLocked(
  files: JournalFiles,
  options: OpenJournalOptions,
  lock: FolderLock,
): Promise<Journal> {
  const { logger } = options;
  const checkpoints = new CheckpointStore(files.checkpoints);
  checkpoints.prepare();
  const database = openDatabase(files, checkpoints);
  try {
    const identity = readIdentity(database, files.database);
    const reader = new RecordReader(database, identity.genesis, files.database);
    const end = checkBeforeWriting(files, database, identity, reader, checkpoints, logger);
    markClean(database, false);
    database.exec('PRAGMA query_only = ON');
    const failureListeners = new Set<(failure: JournalFailure) => void>();
    const queue = new AppendQueue(end, logger, (failure) => {
      for (const listener of failureListeners) tell(listener, failure, logger);
    });
    const start = { database: files.database, headFile: files.head, journalId: identity.journalId, end };
    const writer = await WriterClient.start(start, queue);
    queue.connect((request) => writer.post(request));
    return new SqliteJournal({
      id: identity.journalId,
      folder: files.folder,
      kinds: options.kinds ?? RECORD_KINDS,
      logger,
      reader,
      queue,
      checkpoints,
      failureListeners,
      end: async () => {
        queue.flush();
        await writer.close();
        database.close();
        lock.release();
      },
    });
  } catch (thrown) {
    database.close();
    throw thrown;
  }
}

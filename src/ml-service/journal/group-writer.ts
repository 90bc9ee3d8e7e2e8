import { ServiceError } from '../../runtime/index.js';
import type { JournalEnd } from './head-file.js';
import { markClean } from './schema.js';
import type { SqlDatabase, SqlStatement } from './sql-database.js';
import type { GroupSink } from './writer-loop.js';
import type { QueuedRecord } from './writer-messages.js';

/** Pages written to the log before it is copied into the database file (SQLite's own default). */
const CHECKPOINT_PAGES = 1000;
/** Under a load that never pauses the copying waits no longer than this. */
const OVERDUE_PAGES = 8 * CHECKPOINT_PAGES;
const PAGE_BYTES = 4096;
/** Per record beside its body: table leaf, two indexes; and head and root per group. */
const PAGES_PER_RECORD = 2;
const PAGES_PER_GROUP = 2;
/** How long the end waits for readers to let go of the log. */
const LAST_WAIT_MS = 100;

/** Writes groups of records, one transaction each; knows nothing of threads. */
export class GroupWriter implements GroupSink {
  readonly #database: SqlDatabase;
  readonly #insert: SqlStatement<unknown>;
  readonly #moveHead: SqlStatement<unknown>;
  readonly #checkpoint: SqlStatement<{ busy: number }>;
  #end: JournalEnd;
  #isFull: boolean | undefined;
  #pagesSinceCheckpoint = 0;

  constructor(database: SqlDatabase, end: JournalEnd) {
    this.#database = database;
    this.#end = end;
    // By hand instead: an automatic checkpoint runs inside a commit and hides its own I/O errors.
    database.prepare('PRAGMA wal_autocheckpoint = 0').all([]);
    // macOS: fsync alone leaves data in the drive's cache.
    database.prepare('PRAGMA fullfsync = ON').all([]);
    database.prepare('PRAGMA checkpoint_fullfsync = ON').all([]);
    this.#insert = database.prepare(
      `INSERT INTO record (seq, hash, kind, time_ms, subject, command, key, digest, body)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#moveHead = database.prepare('UPDATE head SET seq = ?, hash = ? WHERE seq = ? AND hash = ?');
    this.#checkpoint = database.prepare('PRAGMA wal_checkpoint(PASSIVE)');
  }

  /** The last record committed. */
  get end(): JournalEnd {
    return this.#end;
  }

  /**
   * Commits a group and, when `power`, has the log fsynced: everything before is then safe, too.
   * After an error nothing of the group is in the journal, unless the error was one of I/O.
   */
  commit(records: readonly QueuedRecord[], power: boolean): void {
    this.#setSynchronous(power);
    const end = records.at(-1) ?? this.#end;
    this.#database.exec('BEGIN IMMEDIATE');
    try {
      for (const record of records) this.#insertRecord(record);
      // Also without records: a transaction that changes nothing is not synced.
      const moved = this.#moveHead.run([
        end.seq,
        Buffer.from(end.hash, 'hex'),
        this.#end.seq,
        Buffer.from(this.#end.hash, 'hex'),
      ]);
      if (moved.changes !== 1)
        throw new ServiceError('DATA_LOSS', `journal: its head is not record ${this.#end.seq} any more`);
      this.#database.exec('COMMIT');
    } catch (thrown) {
      if (this.#database.inTransaction) this.#database.exec('ROLLBACK');
      throw thrown;
    }
    this.#end = { seq: end.seq, hash: end.hash };
  }

  /** Whether the log has grown enough to be copied. */
  get checkpointDue(): boolean {
    return this.#pagesSinceCheckpoint >= CHECKPOINT_PAGES;
  }

  /** Whether it must be copied although records wait. */
  get checkpointOverdue(): boolean {
    return this.#pagesSinceCheckpoint >= OVERDUE_PAGES;
  }

  /** Copies the log into the database, as far as readers let it. Everything committed is fsynced after. */
  checkpoint(): void {
    this.#setSynchronous(true);
    this.#checkpoint.all([]);
    this.#pagesSinceCheckpoint = 0;
  }

  /** Marks an orderly end and empties the log. */
  finish(): void {
    this.#setSynchronous(true);
    markClean(this.#database, true);
    // A reader in its way only keeps the log from shrinking: not worth waiting for at the end.
    this.#database.prepare(`PRAGMA busy_timeout = ${LAST_WAIT_MS}`).all([]);
    this.#database.prepare('PRAGMA wal_checkpoint(TRUNCATE)').all([]);
  }

  #insertRecord(record: QueuedRecord): void {
    this.#insert.run([
      record.seq,
      Buffer.from(record.hash, 'hex'),
      record.kind,
      record.timeMs,
      record.subject,
      record.command,
      record.key,
      record.digest,
      record.body,
    ]);
    this.#pagesSinceCheckpoint += PAGES_PER_RECORD + Math.ceil(record.body.length / PAGE_BYTES);
  }

  #setSynchronous(full: boolean): void {
    this.#pagesSinceCheckpoint += PAGES_PER_GROUP;
    if (this.#isFull === full) return;
    this.#database.exec(`PRAGMA synchronous = ${full ? 'FULL' : 'NORMAL'}`);
    this.#isFull = full;
  }
}

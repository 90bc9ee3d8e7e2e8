import { existsSync } from 'node:fs';
import { ServiceError } from '../../runtime/index.js';
import { CheckpointStore } from './checkpoint-store.js';
import { type JournalFiles, journalFiles } from './files.js';
import { type HeadFileContent, readHeadFile } from './head-file.js';
import { recordHash } from './record-hash.js';
import { pageDamage } from './recovery.js';
import { readHead, readIdentity, schemaDifference } from './schema.js';
import { SqlDatabase } from './sql-database.js';
import { StoredRows } from './stored-rows.js';
import { isUnborn } from './unborn.js';

/** Where a problem lies. */
export type JournalProblemKind =
  /** A record's content, place or predecessor is not what its hash says. */
  | 'changed'
  /** Records are missing between others, or one lies outside the sequence. */
  | 'gap'
  /** Records are missing at the end, or the witnesses of the end are damaged. */
  | 'end'
  /** SQLite finds the file or an index inconsistent, or cannot read it. */
  | 'pages'
  | 'tables'
  | 'checkpoint';

export interface JournalProblem {
  /** The record concerned; 0 where it is none in particular. */
  readonly seq: number;
  readonly kind: JournalProblemKind;
  /** Names the file. */
  readonly message: string;
}

export interface JournalVerification {
  /** Records found. */
  readonly records: number;
  /** Hash the last of them carries; of an empty journal its genesis hash; '' when unreadable. */
  readonly headHash: string;
  /** Empty when the journal is whole. */
  readonly problems: readonly JournalProblem[];
}

export interface VerifyOptions {
  /** Called now and then with the number of records checked so far. */
  readonly onProgress?: (progress: { readonly records: number }) => void;
}

const PAGE_RECORDS = 256;
/** One fault may spoil everything after it; the first ones tell the story. */
const MOST_PROBLEMS = 1000;

/**
 * Reads everything and reports every change, cut or gap it finds; also while a service runs, of which
 * it sees one moment. Writes nothing.
 *
 * @throws ServiceError NOT_FOUND when there is no journal, FAILED_PRECONDITION when it cannot be opened
 */
export function verifyJournal(dataDir: string, options: VerifyOptions = {}): JournalVerification {
  const files = journalFiles(dataDir);
  // Before the database: a service that runs may move both on, and the file must never seem ahead.
  const headFile = readHeadFile(files.head);
  if (!existsSync(files.database)) return withoutDatabase(files, headFile);
  const database = new SqlDatabase(files.database, { readOnly: true });
  try {
    if (isUnborn(files, database))
      throw new ServiceError('NOT_FOUND', `${files.database}: no journal there yet`);
    return new Verification(files, database, headFile, options).run();
  } finally {
    // A transaction left open would live on with the connection until its statements are collected.
    if (database.inTransaction) database.exec('ROLLBACK');
    database.close();
  }
}

function withoutDatabase(files: JournalFiles, { end }: HeadFileContent): JournalVerification {
  if (end === undefined || end.seq === 0)
    throw new ServiceError('NOT_FOUND', `${files.database}: no journal there`);
  const message = `${files.database}: is gone, but record ${end.seq} was written`;
  return { records: 0, headHash: '', problems: [{ seq: 0, kind: 'end', message }] };
}

class Verification {
  readonly #files: JournalFiles;
  readonly #database: SqlDatabase;
  readonly #headFile: HeadFileContent;
  readonly #options: VerifyOptions;
  readonly #problems: JournalProblem[] = [];
  #records = 0;
  #lastSeq = 0;
  #headHash = '';

  constructor(files: JournalFiles, database: SqlDatabase, headFile: HeadFileContent, options: VerifyOptions) {
    this.#files = files;
    this.#database = database;
    this.#headFile = headFile;
    this.#options = options;
  }

  run(): JournalVerification {
    this.#attempt('pages', () => {
      // One transaction: all that follows sees the same moment.
      this.#database.exec('BEGIN');
      this.#checkTables();
    });
    this.#attempt('pages', () => {
      const damage = pageDamage(this.#database, 'integrity_check');
      if (damage !== undefined) this.#report(0, 'pages', damage);
    });
    this.#attempt('pages', () => this.#checkRecords());
    this.#attempt('pages', () => this.#checkEnd());
    this.#attempt('checkpoint', () => this.#checkCheckpoints());
    return { records: this.#records, headHash: this.#headHash, problems: this.#problems };
  }

  /** Damage may make any query throw; the other checks go on. */
  #attempt(kind: JournalProblemKind, check: () => void, seq?: number): void {
    try {
      check();
    } catch (thrown) {
      const error = ServiceError.from(thrown);
      if (error.code === 'FAILED_PRECONDITION') throw error;
      this.#report(
        seq ?? this.#lastSeq,
        kind,
        error.cause instanceof Error ? error.cause.message : error.message,
      );
    }
  }

  #report(seq: number, kind: JournalProblemKind, what: string, file = this.#files.database): void {
    if (this.#problems.length < MOST_PROBLEMS)
      this.#problems.push({ seq, kind, message: what.startsWith(file) ? what : `${file}: ${what}` });
  }

  #checkTables(): void {
    const altered = schemaDifference(this.#database);
    if (altered !== undefined) this.#report(0, 'tables', altered);
    const identity = readIdentity(this.#database, this.#files.database);
    this.#headHash = identity.genesis;
    const { journalId } = this.#headFile;
    if (journalId !== undefined && journalId !== identity.journalId)
      this.#report(0, 'end', `belongs to journal ${journalId}, not ${identity.journalId}`, this.#files.head);
  }

  #checkRecords(): void {
    const rows = new StoredRows(this.#database);
    let expected = 1;
    let from = Number.MIN_SAFE_INTEGER;
    for (;;) {
      const page = rows.page(from, PAGE_RECORDS);
      for (const stored of page) {
        if (stored.seq !== expected) {
          const what =
            stored.seq > expected
              ? `records ${expected} to ${stored.seq - 1} are missing`
              : 'is outside the sequence';
          this.#report(Math.max(expected, 1), 'gap', what);
        }
        if (recordHash(this.#headHash, stored) !== stored.hash)
          this.#report(stored.seq, 'changed', `record ${stored.seq} does not match its hash`);
        this.#headHash = stored.hash;
        this.#lastSeq = stored.seq;
        this.#records++;
        expected = stored.seq + 1;
      }
      this.#options.onProgress?.({ records: this.#records });
      if (page.length < PAGE_RECORDS) return;
      from = expected;
    }
  }

  #checkEnd(): void {
    const head = readHead(this.#database);
    if (head?.seq !== this.#lastSeq || head.hash !== this.#headHash)
      this.#report(
        this.#lastSeq,
        'end',
        `ends at record ${this.#lastSeq}, its head says ${head?.seq ?? 'nothing'}`,
      );
    const { end, problem } = this.#headFile;
    if (problem !== undefined && (this.#lastSeq > 0 || problem !== 'missing'))
      this.#report(this.#lastSeq, 'end', problem, this.#files.head);
    if (end === undefined) return;
    if (end.seq > this.#lastSeq)
      this.#report(
        this.#lastSeq,
        'end',
        `ends at record ${this.#lastSeq}, but record ${end.seq} was written`,
      );
    else if (end.seq > 0 && new StoredRows(this.#database).hashOf(end.seq) !== end.hash)
      this.#report(end.seq, 'changed', `record ${end.seq} is not the one that was written`);
  }

  #checkCheckpoints(): void {
    const store = new CheckpointStore(this.#files.checkpoints);
    const rows = new StoredRows(this.#database);
    const { genesis } = readIdentity(this.#database, this.#files.database);
    for (const seq of store.sequences()) {
      this.#attempt(
        'checkpoint',
        () => {
          const { recordHash: stands } = store.read(seq);
          if ((seq === 0 ? genesis : rows.hashOf(seq)) !== stands)
            this.#report(
              seq,
              'checkpoint',
              `does not stand on record ${seq} of this journal`,
              store.pathOf(seq),
            );
        },
        seq,
      );
    }
  }
}

import { ServiceError } from '../../runtime/index.js';
import { genesisHash } from './record-hash.js';
import { blobBytes, type SqlDatabase } from './sql-database.js';

/** Version of tables, hash and encoding together. */
export const JOURNAL_FORMAT = 1;

/** `body` is last, so that reading a hash never walks a long body's overflow pages. */
const TABLES = [
  `CREATE TABLE meta (name TEXT PRIMARY KEY NOT NULL, value TEXT NOT NULL)`,
  `CREATE TABLE head (one INTEGER PRIMARY KEY CHECK (one = 1), seq INTEGER NOT NULL, hash BLOB NOT NULL)`,
  `CREATE TABLE record (seq INTEGER PRIMARY KEY, hash BLOB NOT NULL, kind TEXT NOT NULL, time_ms INTEGER NOT NULL, subject TEXT, command TEXT, key TEXT, digest TEXT, body BLOB NOT NULL)`,
  `CREATE INDEX record_subject ON record (kind, subject) WHERE subject IS NOT NULL`,
  `CREATE UNIQUE INDEX record_key ON record (command, key) WHERE key IS NOT NULL`,
] as const;

/** Identity of a journal, fixed when it is created. */
export interface JournalIdentity {
  readonly journalId: string;
  readonly genesis: string;
}

function textOf(value: ArrayBuffer | Uint8Array | null | undefined): string | undefined {
  return value === null || value === undefined ? undefined : Buffer.from(blobBytes(value)).toString('utf8');
}

/** SQL of every table and index in the file, as SQLite keeps it. */
export function schemaOf(database: SqlDatabase): string[] {
  return database
    .prepare<{ sql: ArrayBuffer }>(
      `SELECT CAST(sql AS BLOB) AS sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY rowid`,
    )
    .all([])
    .map((row) => textOf(row.sql) ?? '');
}

/** What differs from the tables this version creates; undefined when nothing does. */
export function schemaDifference(database: SqlDatabase): string | undefined {
  const found = new Set(schemaOf(database));
  const missing = TABLES.find((sql) => !found.has(sql));
  if (missing !== undefined) return `missing or altered: ${missing.split(' (')[0]}`;
  for (const sql of TABLES) found.delete(sql);
  return found.size === 0 ? undefined : `not ours: ${[...found].join('; ').slice(0, 200)}`;
}

/** Creates the tables of an empty journal, durably. */
export function createSchema(database: SqlDatabase, journalId: string): void {
  database.exec('BEGIN IMMEDIATE');
  for (const sql of TABLES) database.exec(sql);
  const setMeta = database.prepare('INSERT INTO meta (name, value) VALUES (?, ?)');
  setMeta.run(['format', String(JOURNAL_FORMAT)]);
  setMeta.run(['journal_id', journalId]);
  setMeta.run(['clean', '1']);
  database
    .prepare('INSERT INTO head (one, seq, hash) VALUES (1, 0, ?)')
    .run([Buffer.from(genesisHash(journalId), 'hex')]);
  database.exec('COMMIT');
}

function metaValue(database: SqlDatabase, name: string): string | undefined {
  const row = database
    .prepare<{ value: ArrayBuffer }>('SELECT CAST(value AS BLOB) AS value FROM meta WHERE name = ?')
    .get([name]);
  return textOf(row?.value);
}

/**
 * Identity of the journal in `database`.
 *
 * @throws ServiceError FAILED_PRECONDITION for a newer format, naming both; DATA_LOSS when there is none
 */
export function readIdentity(database: SqlDatabase, file: string): JournalIdentity {
  const format = metaValue(database, 'format');
  if (format === undefined || !/^[1-9]\d*$/.test(format))
    throw new ServiceError('DATA_LOSS', `${file}: its format version is missing or damaged`);
  if (Number(format) > JOURNAL_FORMAT)
    throw new ServiceError(
      'FAILED_PRECONDITION',
      `${file}: journal format ${format}; this version reads formats up to ${JOURNAL_FORMAT}`,
    );
  const journalId = metaValue(database, 'journal_id');
  if (journalId === undefined || journalId === '')
    throw new ServiceError('DATA_LOSS', `${file}: its journal id is missing`);
  return { journalId, genesis: genesisHash(journalId) };
}

/** Whether the last writer closed the journal in order. */
export function wasClosedCleanly(database: SqlDatabase): boolean {
  return metaValue(database, 'clean') === '1';
}

export function markClean(database: SqlDatabase, clean: boolean): void {
  database.prepare("UPDATE meta SET value = ? WHERE name = 'clean'").run([clean ? '1' : '0']);
}

/** The `head` row: where the journal says it ends. */
export function readHead(database: SqlDatabase): { seq: number; hash: string } | undefined {
  const row = database
    .prepare<{ seq: number; hash: ArrayBuffer }>(
      'SELECT CAST(seq AS INTEGER) AS seq, CAST(hash AS BLOB) AS hash FROM head WHERE one = 1',
    )
    .get([]);
  return row && { seq: row.seq, hash: Buffer.from(blobBytes(row.hash)).toString('hex') };
}

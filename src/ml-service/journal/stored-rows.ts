import type { BodyDecoder } from './body-decoder.js';
import type { JournalRecord } from './record.js';
import type { StoredRecord } from './record-hash.js';
import { blobBytes, type SqlDatabase, type SqlStatement } from './sql-database.js';

/** A record with the hash it carries, hex. */
export interface ChainedRecord extends StoredRecord {
  readonly hash: string;
}

/** A record as stored, with the hash that the one before it carries, hex; undefined where there is none. */
export interface StoredRow extends ChainedRecord {
  readonly hashBefore: string | undefined;
}

interface Row {
  readonly seq: number;
  readonly hash: ArrayBuffer;
  readonly kind: ArrayBuffer;
  readonly time_ms: number;
  readonly subject: ArrayBuffer | null;
  readonly command: ArrayBuffer | null;
  readonly key: ArrayBuffer | null;
  readonly digest: ArrayBuffer | null;
  readonly body: ArrayBuffer;
  readonly types: ArrayBuffer;
  readonly hash_before: ArrayBuffer | null;
}

/**
 * Blobs only: see SqlDatabase. `types` tells a column that changed its type under the cast. The hash before comes
 * along, because asking for it costs as much as the record itself.
 */
const COLUMNS = `CAST(seq AS INTEGER) AS seq, CAST(hash AS BLOB) AS hash, CAST(kind AS BLOB) AS kind,
  CAST(time_ms AS INTEGER) AS time_ms, CAST(subject AS BLOB) AS subject, CAST(command AS BLOB) AS command,
  CAST(key AS BLOB) AS key, CAST(digest AS BLOB) AS digest, CAST(body AS BLOB) AS body,
  CAST(typeof(hash) || ' ' || typeof(kind) || ' ' || typeof(time_ms) || ' ' || typeof(subject) || ' ' ||
    typeof(command) || ' ' || typeof(key) || ' ' || typeof(digest) || ' ' || typeof(body) AS BLOB) AS types,
  (SELECT CAST(before.hash AS BLOB) FROM record AS before WHERE before.seq = record.seq - 1) AS hash_before`;

const EXPECTED_TYPES = /^blob text integer (text|null) (text|null) (text|null) (text|null) blob$/;

function utf8(value: ArrayBuffer | null): string | null {
  return value === null ? null : Buffer.from(blobBytes(value)).toString('utf8');
}

function hex(value: ArrayBuffer): string {
  const { buffer, byteOffset, byteLength } = blobBytes(value);
  return Buffer.from(buffer, byteOffset, byteLength).toString('hex');
}

function fromRow(row: Row): StoredRow {
  const types = utf8(row.types) ?? '';
  return {
    seq: row.seq,
    hash: hex(row.hash),
    hashBefore: row.hash_before === null ? undefined : hex(row.hash_before),
    kind: utf8(row.kind) ?? '',
    timeMs: row.time_ms,
    subject: utf8(row.subject),
    command: utf8(row.command),
    key: utf8(row.key),
    digest: utf8(row.digest),
    // A column of another type has no content that could match its hash.
    body: EXPECTED_TYPES.test(types) ? blobBytes(row.body) : new Uint8Array(),
  };
}

/** The queries on the table of records. They check nothing: that is the callers' part. */
export class StoredRows {
  readonly #page: SqlStatement<Row>;
  readonly #pageOfKinds: SqlStatement<Row>;
  readonly #bySubject: SqlStatement<Row>;
  readonly #byKey: SqlStatement<Row>;
  readonly #hash: SqlStatement<{ hash: ArrayBuffer }>;
  readonly #first: SqlStatement<{ seq: number | null }>;
  readonly #last: SqlStatement<{ seq: number | null }>;

  constructor(database: SqlDatabase) {
    this.#page = database.prepare(
      `SELECT ${COLUMNS} FROM record WHERE record.seq >= ? ORDER BY record.seq LIMIT ?`,
    );
    this.#pageOfKinds = database.prepare(
      `SELECT ${COLUMNS} FROM record WHERE record.seq >= ? AND record.kind IN (SELECT value FROM json_each(?))
       ORDER BY record.seq LIMIT ?`,
    );
    this.#bySubject = database.prepare(
      `SELECT ${COLUMNS} FROM record WHERE record.kind = ? AND record.subject = ?
       ORDER BY record.seq DESC LIMIT 1`,
    );
    this.#byKey = database.prepare(
      `SELECT ${COLUMNS} FROM record WHERE record.command = ? AND record.key = ?`,
    );
    this.#hash = database.prepare('SELECT CAST(hash AS BLOB) AS hash FROM record WHERE seq = ?');
    this.#first = database.prepare('SELECT min(seq) AS seq FROM record');
    this.#last = database.prepare('SELECT max(seq) AS seq FROM record');
  }

  /** Up to `count` records from `fromSeq` on, in order; of `kinds` only when given. */
  page(fromSeq: number, count: number, kinds?: readonly string[]): StoredRow[] {
    const rows =
      kinds === undefined
        ? this.#page.all([fromSeq, count])
        : this.#pageOfKinds.all([fromSeq, JSON.stringify(kinds), count]);
    return rows.map(fromRow);
  }

  /** The newest record of a kind about a subject. */
  bySubject(kind: string, subject: string): StoredRow | undefined {
    const row = this.#bySubject.get([kind, subject]);
    return row && fromRow(row);
  }

  byKey(command: string, key: string): StoredRow | undefined {
    const row = this.#byKey.get([command, key]);
    return row && fromRow(row);
  }

  hashOf(seq: number): string | undefined {
    const row = this.#hash.get([seq]);
    return row && hex(row.hash);
  }

  /** The lowest sequence, 0 when there is none. */
  firstSeq(): number {
    return this.#first.get([])?.seq ?? 0;
  }

  /** The highest sequence, 0 when there is none. */
  lastSeq(): number {
    return this.#last.get([])?.seq ?? 0;
  }
}

/** A record in its public form. */
export function toJournalRecord(stored: ChainedRecord, decoder: BodyDecoder): JournalRecord {
  return {
    seq: stored.seq,
    kind: stored.kind,
    timeMs: stored.timeMs,
    ...(stored.subject === null ? {} : { subject: stored.subject }),
    ...(stored.command === null ? {} : { command: stored.command }),
    ...(stored.key === null ? {} : { key: stored.key }),
    ...(stored.digest === null ? {} : { digest: stored.digest }),
    body: decoder.decode(stored.body),
    hash: stored.hash,
  };
}

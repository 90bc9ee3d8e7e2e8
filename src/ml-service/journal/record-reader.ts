import { ServiceError } from '../../runtime/index.js';
import { BodyDecoder } from './body-decoder.js';
import type { JournalRecord } from './record.js';
import { recordHash } from './record-hash.js';
import type { SqlDatabase } from './sql-database.js';
import { type ChainedRecord, type StoredRow, StoredRows, toJournalRecord } from './stored-rows.js';

/** Rows fetched at a time: no read transaction stays open while the caller works. */
const PAGE_RECORDS = 64;

/** Reads stored records and answers for them: each is checked against the hash of the one before. */
export class RecordReader {
  readonly #rows: StoredRows;
  readonly #decoder = new BodyDecoder();
  readonly #genesis: string;
  readonly #file: string;

  constructor(database: SqlDatabase, genesis: string, file: string) {
    this.#rows = new StoredRows(database);
    this.#genesis = genesis;
    this.#file = file;
  }

  /** The lowest sequence; 0 when there is no record. */
  firstSeq(): number {
    return this.#rows.firstSeq();
  }

  /** The highest sequence; 0 when there is no record. */
  lastSeq(): number {
    return this.#rows.lastSeq();
  }

  /** Hash of a record; the genesis hash for 0; undefined when there is no such record. */
  hashOf(seq: number): string | undefined {
    return seq === 0 ? this.#genesis : this.#rows.hashOf(seq);
  }

  bySubject(kind: string, subject: string): JournalRecord | undefined {
    return this.#checked(this.#rows.bySubject(kind, subject));
  }

  byKey(command: string, key: string): JournalRecord | undefined {
    return this.#checked(this.#rows.byKey(command, key));
  }

  /** Stored records from `fromSeq` to `toSeq`. */
  *read(fromSeq: number, toSeq: number, kinds?: readonly string[]): Generator<JournalRecord> {
    let expected = fromSeq;
    for (;;) {
      const page = this.#rows.page(expected, PAGE_RECORDS, kinds);
      for (const stored of page) {
        if (stored.seq > toSeq) break;
        if (kinds === undefined && stored.seq !== expected) throw this.#damaged(expected, 'is missing');
        yield this.#verified(stored);
        expected = stored.seq + 1;
      }
      const last = page.at(-1);
      if (last === undefined || page.length < PAGE_RECORDS || last.seq >= toSeq) break;
    }
    if (kinds === undefined && expected <= toSeq) throw this.#damaged(expected, 'is missing');
  }

  /** A record that is not stored yet, in its public form. */
  decode(record: ChainedRecord): JournalRecord {
    return toJournalRecord({ ...record, body: record.body.slice() }, this.#decoder);
  }

  #checked(stored: StoredRow | undefined): JournalRecord | undefined {
    return stored && this.#verified(stored);
  }

  #verified(stored: StoredRow): JournalRecord {
    const hashBefore = stored.seq === 1 ? this.#genesis : stored.hashBefore;
    if (hashBefore === undefined) throw this.#damaged(stored.seq - 1, 'is missing');
    if (recordHash(hashBefore, stored) !== stored.hash)
      throw this.#damaged(stored.seq, 'does not match its hash');
    return toJournalRecord(stored, this.#decoder);
  }

  #damaged(seq: number, what: string): ServiceError {
    return new ServiceError('DATA_LOSS', `${this.#file}: record ${seq} ${what}`, {
      details: { file: this.#file, seq },
    });
  }
}

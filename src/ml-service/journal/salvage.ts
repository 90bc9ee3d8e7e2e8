import { ServiceError } from '../../runtime/index.js';
import type { JournalFiles } from './files.js';
import { readHeadFile } from './head-file.js';
import { recordHash } from './record-hash.js';
import { type JournalIdentity, readIdentity } from './schema.js';
import { SqlDatabase } from './sql-database.js';
import { type ChainedRecord, StoredRows } from './stored-rows.js';

const PAGE_RECORDS = 64;

/** What can still be read of a journal. */
export interface Readable {
  readonly identity: JournalIdentity;
  /** The last record of the unbroken chain from the first one on. */
  readonly wholeSeq: number;
  /** Why the chain ends there; undefined when it ends where the journal says it does. */
  readonly problem: string | undefined;
  /** The highest sequence that anything says was written. */
  readonly writtenSeq: number;
}

/** Reads a damaged database as far as it goes. Changes nothing. */
export class Salvage {
  readonly #database: SqlDatabase;
  readonly #rows: StoredRows;
  readonly #identity: JournalIdentity;
  readonly #saidSeq: number;

  /** @throws ServiceError when the database cannot be opened, or does not say which journal it is */
  constructor(files: JournalFiles) {
    this.#database = new SqlDatabase(files.database, { readOnly: true });
    try {
      this.#identity = readIdentity(this.#database, files.database);
      this.#rows = new StoredRows(this.#database);
      this.#saidSeq = readHeadFile(files.head).end?.seq ?? 0;
    } catch (thrown) {
      this.#database.close();
      throw thrown;
    }
  }

  /** Hash before the first record. */
  get genesis(): string {
    return this.#identity.genesis;
  }

  /** Follows the chain from the first record to the first thing wrong. */
  look(onProgress: (records: number) => void = () => undefined): Readable {
    let wholeSeq = 0;
    let problem: string | undefined;
    for (const step of this.chain()) {
      if ('problem' in step) problem = step.problem;
      else wholeSeq = step.seq;
      if (wholeSeq % PAGE_RECORDS === 0) onProgress(wholeSeq);
    }
    const writtenSeq = Math.max(this.#saidSeq, this.#lastSeq(), wholeSeq);
    if (problem === undefined && writtenSeq > wholeSeq)
      problem = `ends at record ${wholeSeq}, but record ${writtenSeq} was written`;
    return { identity: this.#identity, wholeSeq, problem, writtenSeq };
  }

  /** The records of the unbroken chain, then what broke it, if anything did. */
  *chain(): Generator<ChainedRecord | { readonly problem: string }> {
    let before = this.#identity.genesis;
    for (let seq = 1; ; ) {
      const page = this.#page(seq);
      if (page instanceof ServiceError) {
        yield { problem: `record ${seq} cannot be read: ${page.message}` };
        return;
      }
      for (const record of page) {
        if (record.seq !== seq) {
          yield { problem: `record ${seq} is missing` };
          return;
        }
        if (recordHash(before, record) !== record.hash) {
          yield { problem: `record ${seq} does not match its hash` };
          return;
        }
        yield record;
        before = record.hash;
        seq += 1;
      }
      if (page.length === 0) return;
    }
  }

  /** Records after `seq` that can be read; `intact` when a record matches its hash on the one stored before it. */
  *after(
    seq: number,
    toSeq: number,
  ): Generator<{ readonly record: ChainedRecord; readonly intact: boolean }> {
    for (let next = seq + 1; next <= toSeq; next++) {
      const [record] = this.#readOne(next);
      if (record === undefined) continue;
      const before = this.#hashBefore(next);
      yield { record, intact: before !== undefined && recordHash(before, record) === record.hash };
    }
  }

  close(): void {
    this.#database.close();
  }

  /** A page, or as much of it as can be read: one damaged record must not hide those before it. */
  #page(fromSeq: number): ChainedRecord[] | ServiceError {
    try {
      return this.#rows.page(fromSeq, PAGE_RECORDS);
    } catch {
      try {
        return this.#rows.page(fromSeq, 1);
      } catch (thrown) {
        return ServiceError.from(thrown);
      }
    }
  }

  #readOne(seq: number): ChainedRecord[] {
    try {
      return this.#rows.page(seq, 1).filter((record) => record.seq === seq);
    } catch {
      // What cannot be read is what the repair reports as lost.
      return [];
    }
  }

  #hashBefore(seq: number): string | undefined {
    try {
      return this.#rows.hashOf(seq - 1);
    } catch {
      return undefined;
    }
  }

  #lastSeq(): number {
    try {
      return this.#rows.lastSeq();
    } catch {
      return 0;
    }
  }
}

import { type Logger, ServiceError } from '../../runtime/index.js';
import type { Checkpoint } from './checkpoint-file.js';
import type { CheckpointStore } from './checkpoint-store.js';
import type { Appended, Journal, ReadRange } from './journal.js';
import { checkedRange } from './read-range.js';
import type { JournalRecord } from './record.js';
import type { RecordReader } from './record-reader.js';

/** A journal looked at from beside: whether a service writes it meanwhile or not. It sees what is committed. */
export class ReadOnlyJournal implements Journal {
  readonly id: string;
  readonly #folder: string;
  readonly #reader: RecordReader;
  readonly #checkpoints: CheckpointStore;
  readonly #logger: Logger;
  readonly #end: () => void;
  #isClosed = false;

  constructor(parts: {
    readonly id: string;
    readonly folder: string;
    readonly reader: RecordReader;
    readonly checkpoints: CheckpointStore;
    readonly logger: Logger;
    readonly end: () => void;
  }) {
    this.id = parts.id;
    this.#folder = parts.folder;
    this.#reader = parts.reader;
    this.#checkpoints = parts.checkpoints;
    this.#logger = parts.logger;
    this.#end = parts.end;
  }

  get lastSeq(): number {
    return this.#reader.lastSeq();
  }

  get durableSeq(): number {
    return this.lastSeq;
  }

  get headHash(): string {
    const hash = this.#reader.hashOf(this.lastSeq);
    if (hash === undefined) throw new ServiceError('DATA_LOSS', `${this.#folder}: the last record is gone`);
    return hash;
  }

  append(): Appended {
    throw this.#readOnly();
  }

  findBySubject(kind: string, subject: string): JournalRecord | undefined {
    return this.#reader.bySubject(kind, subject);
  }

  findByKey(command: string, key: string): JournalRecord | undefined {
    return this.#reader.byKey(command, key);
  }

  /** What is seen here is committed; nothing is waited for. */
  whenDurable(): Promise<void> {
    return Promise.resolve();
  }

  read(range: ReadRange = {}): Generator<JournalRecord> {
    const { fromSeq, toSeq } = checkedRange(range);
    return this.#reader.read(fromSeq, Math.min(toSeq, this.lastSeq), range.kinds);
  }

  writeCheckpoint(): Promise<void> {
    return Promise.reject(this.#readOnly());
  }

  latestCheckpoint(atMost?: number): Checkpoint | undefined {
    const found = this.#checkpoints.newest(
      (seq) => this.#reader.hashOf(seq),
      (problem) =>
        this.#logger.warn({ seq: problem.seq, reason: problem.message }, 'journal checkpoint passed over'),
      atMost,
    );
    return found && { seq: found.seq, stateHash: found.stateHash, state: found.state };
  }

  onFailure(): () => void {
    return () => undefined;
  }

  close(): Promise<void> {
    if (!this.#isClosed) this.#end();
    this.#isClosed = true;
    return Promise.resolve();
  }

  #readOnly(): ServiceError {
    return new ServiceError('FAILED_PRECONDITION', `${this.#folder}: opened read-only`);
  }
}

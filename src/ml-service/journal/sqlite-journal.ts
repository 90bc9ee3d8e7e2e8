import { invalidArgument, type Logger, ServiceError } from '../../runtime/index.js';
import type { AppendQueue } from './append-queue.js';
import { toContent } from './append-request.js';
import { BodyEncoder } from './body-encoder.js';
import type { Checkpoint } from './checkpoint-file.js';
import type { CheckpointStore } from './checkpoint-store.js';
import type { Appended, Journal, JournalFailure, ReadRange } from './journal.js';
import { type CheckedRange, checkedRange } from './read-range.js';
import type { AppendRequest, JournalRecord, RecordKinds } from './record.js';
import type { RecordReader } from './record-reader.js';

/** What a writable journal is made of; put together by `openJournal`. */
export interface SqliteJournalParts {
  readonly id: string;
  readonly folder: string;
  readonly kinds: RecordKinds;
  readonly logger: Logger;
  readonly reader: RecordReader;
  readonly queue: AppendQueue;
  readonly checkpoints: CheckpointStore;
  /** Listeners that `queue` calls. */
  readonly failureListeners: Set<(failure: JournalFailure) => void>;
  /** Ends the writer, the reading connection and the lock, in this order. */
  readonly end: () => Promise<void>;
}

/** The journal that one process writes. */
export class SqliteJournal implements Journal {
  readonly #parts: SqliteJournalParts;
  readonly #encoder = new BodyEncoder();
  #checkpointing: Promise<void> = Promise.resolve();
  #closed: Promise<void> | undefined;

  constructor(parts: SqliteJournalParts) {
    this.#parts = parts;
  }

  get id(): string {
    return this.#parts.id;
  }

  get lastSeq(): number {
    return this.#parts.queue.last.seq;
  }

  get durableSeq(): number {
    return this.#parts.queue.durable.seq;
  }

  get headHash(): string {
    return this.#parts.queue.durable.hash;
  }

  append(request: AppendRequest): Appended {
    this.#mustBeOpen();
    const { kinds, queue } = this.#parts;
    const content = toContent(request, kinds, this.#encoder);
    if (content.command !== null && content.key !== null && this.#hasKey(content.command, content.key))
      throw new ServiceError('ALREADY_EXISTS', `idempotency.key: ${content.command} has a record for it`, {
        field: 'idempotency.key',
      });
    return queue.append(content, kinds[content.kind] === 'power');
  }

  findBySubject(kind: string, subject: string): JournalRecord | undefined {
    this.#mustBeOpen();
    const { queue, reader } = this.#parts;
    const waiting = queue.inFlight.bySubject(kind, subject);
    return waiting ? reader.decode(waiting) : reader.bySubject(kind, subject);
  }

  findByKey(command: string, key: string): JournalRecord | undefined {
    this.#mustBeOpen();
    const { queue, reader } = this.#parts;
    const waiting = queue.inFlight.byKey(command, key);
    return waiting ? reader.decode(waiting) : reader.byKey(command, key);
  }

  async whenDurable(seq: number): Promise<void> {
    this.#mustBeOpen();
    if (seq > this.#parts.queue.durable.seq) await this.#parts.queue.sync();
  }

  read(range: ReadRange = {}): Generator<JournalRecord> {
    this.#mustBeOpen();
    return this.#read(checkedRange(range), range.kinds);
  }

  writeCheckpoint(checkpoint: Checkpoint): Promise<void> {
    // The caller may go on changing its state while the disk is waited for.
    const copy = { ...checkpoint, state: checkpoint.state.slice() };
    const turn = this.#checkpointing.then(() => this.#writeCheckpoint(copy));
    // The next one waits for this one's end, however it ends; the caller hears how.
    this.#checkpointing = turn.catch(() => undefined);
    return turn;
  }

  latestCheckpoint(atMost?: number): Checkpoint | undefined {
    this.#mustBeOpen();
    const { checkpoints, logger } = this.#parts;
    const found = checkpoints.newest(
      (seq) => this.#hashOf(seq),
      (problem) =>
        logger.warn({ seq: problem.seq, reason: problem.message }, 'journal checkpoint passed over'),
      atMost,
    );
    return found && { seq: found.seq, stateHash: found.stateHash, state: found.state };
  }

  onFailure(listener: (failure: JournalFailure) => void): () => void {
    this.#parts.failureListeners.add(listener);
    return () => this.#parts.failureListeners.delete(listener);
  }

  close(): Promise<void> {
    this.#closed ??= this.#checkpointing.then(() => this.#parts.end());
    return this.#closed;
  }

  /** From the table as far as it goes at each moment, then from memory. */
  *#read(range: CheckedRange, kinds: readonly string[] | undefined): Generator<JournalRecord> {
    const { queue, reader } = this.#parts;
    let next = range.fromSeq;
    while (next <= range.toSeq) {
      this.#mustBeOpen();
      const durable = Math.min(queue.durable.seq, range.toSeq);
      if (next <= durable) {
        yield* reader.read(next, durable, kinds);
        next = durable + 1;
        continue;
      }
      const waiting = queue.inFlight.bySeq(next);
      if (waiting === undefined) return;
      next++;
      if (kinds === undefined || kinds.includes(waiting.kind)) yield reader.decode(waiting);
    }
  }

  async #writeCheckpoint(checkpoint: Checkpoint): Promise<void> {
    this.#mustBeOpen();
    const { seq } = checkpoint;
    const recordHash = Number.isSafeInteger(seq) && seq >= 0 ? this.#hashOf(seq) : undefined;
    if (recordHash === undefined)
      throw invalidArgument('seq', seq, `the number of a record, 0 to ${this.lastSeq}`);
    await this.#parts.queue.sync();
    await this.#parts.checkpoints.write({ ...checkpoint, recordHash });
  }

  #hashOf(seq: number): string | undefined {
    return this.#parts.queue.inFlight.bySeq(seq)?.hash ?? this.#parts.reader.hashOf(seq);
  }

  #hasKey(command: string, key: string): boolean {
    const { queue, reader } = this.#parts;
    return queue.inFlight.byKey(command, key) !== undefined || reader.byKey(command, key) !== undefined;
  }

  #mustBeOpen(): void {
    if (this.#closed)
      throw new ServiceError('FAILED_PRECONDITION', `${this.#parts.folder}: the journal is closed`);
  }
}

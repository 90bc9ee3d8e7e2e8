import { ServiceError } from '../../runtime/index.js';
import type { JournalEnd } from './head-file.js';
import { JOURNAL_LIMITS } from './limits.js';
import { isTransient } from './sql-error.js';
import type { QueuedRecord, WriterFault, WriterReply, WriterRequest } from './writer-messages.js';

function faultOf(thrown: unknown): { error: ServiceError; fault: WriterFault } {
  const error = ServiceError.from(thrown);
  const code = error.code === 'UNAVAILABLE' || error.code === 'DATA_LOSS' ? error.code : 'INTERNAL';
  return { error, fault: { code, message: error.message, sqlite: String(error.details?.['sqlite'] ?? '') } };
}

/** Where groups go; see GroupWriter. */
export interface GroupSink {
  readonly end: JournalEnd;
  readonly checkpointDue: boolean;
  readonly checkpointOverdue: boolean;
  commit(records: readonly QueuedRecord[], power: boolean): void;
  checkpoint(): void;
  finish(): void;
}

/** Who is told up to where the journal is safe; see HeadFile. */
export interface EndWitness {
  advance(end: JournalEnd): void;
}

/**
 * The writer thread's logic: whatever is queued when it becomes free is one group. A record that
 * could not be written for a passing reason refuses its epoch; an I/O error ends all writing, because
 * the system reports it once and forgets it.
 */
export class WriterLoop {
  readonly #writer: GroupSink;
  readonly #headFile: EndWitness;
  readonly #send: (reply: WriterReply) => void;
  #queue: WriterRequest[] = [];
  #refusedEpoch = -1;
  #failed = false;
  #closing = false;

  constructor(writer: GroupSink, headFile: EndWitness, send: (reply: WriterReply) => void) {
    this.#writer = writer;
    this.#headFile = headFile;
    this.#send = send;
  }

  /** True when the journal was closed in order and the thread may end its connection. */
  get closing(): boolean {
    return this.#closing;
  }

  get failed(): boolean {
    return this.#failed;
  }

  take(request: WriterRequest): void {
    if (request.type === 'close') this.#closing = true;
    else if (!this.#failed) this.#queue.push(request);
  }

  /** Writes one group; false when there was none. */
  step(): boolean {
    if (this.#queue.length === 0) return false;
    this.#writeGroup();
    if (this.#writer.checkpointOverdue) this.tidy();
    return true;
  }

  /** Copies the log when due: call when the answers are out and nothing waits. */
  tidy(): void {
    if (this.#failed || !this.#writer.checkpointDue) return;
    this.#guard(() => {
      this.#writer.checkpoint();
      this.#advanceHeadFile();
    });
  }

  /** The end in order: everything in the database file, marked clean. */
  finish(): void {
    if (this.#failed) return;
    this.#guard(() => {
      this.#writer.finish();
      this.#advanceHeadFile();
    });
  }

  #writeGroup(): void {
    const records: QueuedRecord[] = [];
    const syncs: number[] = [];
    let epoch = 0;
    let bytes = 0;
    let taken = 0;
    for (const request of this.#queue) {
      if (records.length >= JOURNAL_LIMITS.groupRecords || bytes >= JOURNAL_LIMITS.groupBytes) break;
      taken++;
      if (request.type === 'close' || request.epoch <= this.#refusedEpoch) continue;
      epoch = request.epoch;
      if (request.type === 'sync') syncs.push(request.id);
      else
        for (const record of request.records) {
          records.push(record);
          bytes += record.body.length;
        }
    }
    this.#queue = this.#queue.slice(taken);
    if (records.length === 0 && syncs.length === 0) return;
    const power = syncs.length > 0 || records.some((record) => record.power);
    try {
      this.#writer.commit(records, power);
    } catch (thrown) {
      this.#refuseOrFail(thrown, epoch);
      return;
    }
    this.#send({ type: 'committed', lastSeq: this.#writer.end.seq, syncs });
    if (power) this.#advanceHeadFile();
  }

  /** A witness that lags is still true: not being able to write it refuses nothing. */
  #advanceHeadFile(): void {
    try {
      this.#headFile.advance(this.#writer.end);
    } catch (thrown) {
      this.#send({ type: 'warning', message: `head file not written: ${String(thrown)}` });
    }
  }

  #refuseOrFail(thrown: unknown, epoch: number): void {
    const { error, fault } = faultOf(thrown);
    if (isTransient(error)) {
      this.#refusedEpoch = epoch;
      this.#send({ type: 'refused', epoch, lastSeq: this.#writer.end.seq, fault });
    } else this.#fail(fault);
  }

  #guard(action: () => void): void {
    try {
      action();
    } catch (thrown) {
      const { error, fault } = faultOf(thrown);
      // The log keeps everything: a checkpoint that found no room is only tried again.
      if (isTransient(error)) this.#send({ type: 'warning', message: error.message });
      else this.#fail(fault);
    }
  }

  #fail(fault: WriterFault): void {
    this.#failed = true;
    this.#queue = [];
    this.#send({ type: 'failed', fault });
  }
}

import { type Logger, ServiceError } from '../../runtime/index.js';
import type { JournalEnd } from './head-file.js';
import { InFlight } from './in-flight.js';
import type { Appended, JournalFailure } from './journal.js';
import { JOURNAL_LIMITS } from './limits.js';
import { recordHash, type StoredRecord } from './record-hash.js';
import type { WriterListener } from './writer-client.js';
import type { QueuedRecord, WriterFault, WriterReply, WriterRequest } from './writer-messages.js';

/** Advice to callers when the disk is full or the queue is: long enough for something to change. */
const RETRY_AFTER_MS = 1000;

function errorOf(fault: WriterFault): ServiceError {
  return new ServiceError(fault.code, fault.message, {
    details: { sqlite: fault.sqlite },
    ...(fault.code === 'UNAVAILABLE' ? { retryAfterMs: RETRY_AFTER_MS } : {}),
  });
}

/**
 * The appending side: gives out sequence and hash at once, hands records to the writer turn by turn,
 * and settles their promises in order. Keeps the chain's end; after a refusal it goes back to the
 * last durable record.
 */
export class AppendQueue implements WriterListener {
  readonly inFlight = new InFlight();
  readonly #logger: Logger;
  readonly #onFailure: (failure: JournalFailure) => void;
  readonly #syncs = new Map<number, { resolve: () => void; reject: (error: ServiceError) => void }>();
  #post: (request: WriterRequest) => void = () => undefined;
  #outbox: QueuedRecord[] = [];
  /** Something was handed over in this turn of the event loop already. */
  #busyTurn = false;
  #epoch = 0;
  #nextSync = 0;
  #durable: JournalEnd;
  #last: JournalEnd;
  #failure: ServiceError | undefined;

  constructor(end: JournalEnd, logger: Logger, onFailure: (failure: JournalFailure) => void) {
    this.#durable = end;
    this.#last = end;
    this.#logger = logger;
    this.#onFailure = onFailure;
  }

  /** Must be called once, before the first append. */
  connect(post: (request: WriterRequest) => void): void {
    this.#post = post;
  }

  get durable(): JournalEnd {
    return this.#durable;
  }

  /** The newest record appended, durable or not. */
  get last(): JournalEnd {
    return this.#last;
  }

  /** Why nothing can be appended any more. */
  get failure(): ServiceError | undefined {
    return this.#failure;
  }

  append(content: Omit<StoredRecord, 'seq'>, power: boolean): Appended {
    if (this.#failure) throw this.#failure;
    if (
      this.inFlight.count >= JOURNAL_LIMITS.queuedRecords ||
      this.inFlight.bytes + content.body.length > JOURNAL_LIMITS.queuedBytes
    )
      throw new ServiceError('RESOURCE_EXHAUSTED', 'journal: the disk does not keep up', {
        retryAfterMs: RETRY_AFTER_MS,
      });
    const unhashed = { ...content, seq: this.#last.seq + 1 };
    const hash = recordHash(this.#last.hash, unhashed);
    const record: QueuedRecord = { ...unhashed, hash, power };
    this.#last = { seq: record.seq, hash };
    const durable = new Promise<void>((resolve, reject) => {
      this.inFlight.add({ record, resolve, reject });
    });
    // Who does not wait must not bring the process down: every failure also reaches onFailure.
    durable.catch(() => undefined);
    this.#outbox.push(record);
    this.#flushSoon();
    return { seq: record.seq, hash, durable };
  }

  /** Resolves when everything appended so far survives power loss. */
  sync(): Promise<void> {
    if (this.#failure) return Promise.reject(this.#failure);
    this.#flush();
    const id = this.#nextSync++;
    const done = new Promise<void>((resolve, reject) => this.#syncs.set(id, { resolve, reject }));
    this.#post({ type: 'sync', epoch: this.#epoch, id });
    return done;
  }

  /** Hands over what is still here, so that a close posted next comes after it. */
  flush(): void {
    this.#flush();
  }

  onReply(reply: WriterReply): void {
    if (reply.type === 'committed') this.#committed(reply.lastSeq, reply.syncs);
    else if (reply.type === 'refused') this.#refused(errorOf(reply.fault));
    else if (reply.type === 'failed') this.#failed(errorOf(reply.fault));
    else if (reply.type === 'warning') this.#logger.warn({ reason: reply.message }, 'journal writer');
  }

  onCrash(error: ServiceError): void {
    this.#failed(error);
  }

  /** The first record of a turn goes at once, for it may be alone; what follows goes together at the turn's end. */
  #flushSoon(): void {
    if (this.#busyTurn) return;
    this.#busyTurn = true;
    queueMicrotask(() => this.#flush());
    setImmediate(() => {
      this.#busyTurn = false;
      this.#flush();
    });
  }

  #flush(): void {
    if (this.#outbox.length === 0) return;
    const records = this.#outbox;
    this.#outbox = [];
    this.#post({ type: 'append', epoch: this.#epoch, records });
  }

  #committed(lastSeq: number, syncs: readonly number[]): void {
    const taken = this.inFlight.takeUpTo(lastSeq);
    const newest = taken.at(-1)?.record;
    if (newest) this.#durable = { seq: newest.seq, hash: newest.hash };
    for (const pending of taken) pending.resolve();
    for (const id of syncs) {
      this.#syncs.get(id)?.resolve();
      this.#syncs.delete(id);
    }
  }

  #refused(error: ServiceError): void {
    this.#epoch++;
    this.#drop('refused', error);
  }

  #failed(error: ServiceError): void {
    if (this.#failure) return;
    this.#failure = error;
    this.#drop('failed', error);
  }

  /** The listeners hear first: whoever appends next must already know that the chain went back. */
  #drop(kind: JournalFailure['kind'], error: ServiceError): void {
    const dropped = this.inFlight.takeAll();
    const syncs = [...this.#syncs.values()];
    this.#outbox = [];
    this.#syncs.clear();
    this.#last = this.#durable;
    const { seq } = this.#durable;
    this.#logger.error({ error, durableSeq: seq, dropped: dropped.length }, `journal ${kind}`);
    this.#onFailure({ kind, error, durableSeq: seq });
    for (const { reject } of dropped) reject(error);
    for (const { reject } of syncs) reject(error);
  }
}

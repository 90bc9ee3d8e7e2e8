import type { ServiceError } from '../../runtime/index.js';
import type { QueuedRecord } from './writer-messages.js';

/** A record appended and not yet durable. */
export interface Pending {
  readonly record: QueuedRecord;
  readonly resolve: () => void;
  readonly reject: (error: ServiceError) => void;
}

function pair(first: string, second: string): string {
  return `${first.length} ${first}${second}`;
}

/** Records between append and durability, in order, found by subject and by key like stored ones. */
export class InFlight {
  #pending: Pending[] = [];
  #from = 0;
  #bytes = 0;
  readonly #bySubject = new Map<string, QueuedRecord>();
  readonly #byKey = new Map<string, QueuedRecord>();

  get count(): number {
    return this.#pending.length - this.#from;
  }

  /** Of the encoded bodies. */
  get bytes(): number {
    return this.#bytes;
  }

  add(pending: Pending): void {
    const { record } = pending;
    this.#pending.push(pending);
    this.#bytes += record.body.length;
    if (record.subject !== null) this.#bySubject.set(pair(record.kind, record.subject), record);
    if (record.command !== null && record.key !== null)
      this.#byKey.set(pair(record.command, record.key), record);
  }

  /** Removes and returns what is durable now, oldest first. */
  takeUpTo(seq: number): Pending[] {
    let to = this.#from;
    for (let next = this.#pending[to]; next !== undefined && next.record.seq <= seq; next = this.#pending[to])
      to++;
    const taken = this.#pending.slice(this.#from, to);
    this.#from = to;
    // Shifting one by one would be quadratic; cutting now and then is not.
    if (this.#from * 2 > this.#pending.length) {
      this.#pending = this.#pending.slice(this.#from);
      this.#from = 0;
    }
    for (const { record } of taken) this.#forget(record);
    return taken;
  }

  takeAll(): Pending[] {
    return this.takeUpTo(Number.POSITIVE_INFINITY);
  }

  bySeq(seq: number): QueuedRecord | undefined {
    const first = this.#pending[this.#from];
    return first && seq >= first.record.seq
      ? this.#pending[this.#from + seq - first.record.seq]?.record
      : undefined;
  }

  bySubject(kind: string, subject: string): QueuedRecord | undefined {
    return this.#bySubject.get(pair(kind, subject));
  }

  byKey(command: string, key: string): QueuedRecord | undefined {
    return this.#byKey.get(pair(command, key));
  }

  #forget(record: QueuedRecord): void {
    this.#bytes -= record.body.length;
    if (record.subject !== null) {
      const subject = pair(record.kind, record.subject);
      if (this.#bySubject.get(subject) === record) this.#bySubject.delete(subject);
    }
    if (record.command !== null && record.key !== null) this.#byKey.delete(pair(record.command, record.key));
  }
}

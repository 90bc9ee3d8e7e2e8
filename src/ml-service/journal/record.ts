/**
 * What must hold before an append counts as done: `process` = the record survives the death of this
 * process (the operating system has it), `power` = it survives a power cut (fsync returned).
 */
export type DurabilityPromise = 'process' | 'power';

/** Which kinds a journal accepts, and the promise of each. */
export type RecordKinds = Readonly<Record<string, DurabilityPromise>>;

/** Only what can be computed again, or was not yet promised to anybody outside, may be `process`. */
export const RECORD_KINDS = {
  configuration: 'power',
  correction: 'power',
  decision: 'process',
  expert: 'power',
  feedback: 'power',
  outcome: 'power',
  policy: 'power',
  rollback: 'power',
} as const satisfies RecordKinds;

/** A kind of the table above; a journal opened with a table of its own takes other names too. */
export type RecordKind = keyof typeof RECORD_KINDS | (string & {});

/** The request that a record answers: a repeat with the same key finds the record instead of a second effect. */
export interface RecordIdempotency {
  readonly command: string;
  readonly key: string;
  /** Digest of the request body, to tell a repeat from another request under the same key. */
  readonly digest: string;
}

/** What the caller says; sequence and hash are the journal's. */
export interface AppendRequest {
  readonly kind: RecordKind;
  /** Unix milliseconds, an integer. */
  readonly timeMs: number;
  /** What the record is about, e.g. a decision's id; indexed. */
  readonly subject?: string;
  /** At most one record per command and key. */
  readonly idempotency?: RecordIdempotency;
  /** Plain data, typed arrays and byte arrays; encoded during the call, later changes have no effect. */
  readonly body: unknown;
}

/** One record as the journal keeps it. */
export interface JournalRecord {
  /** 1, 2, 3 … without gaps. */
  readonly seq: number;
  readonly kind: RecordKind;
  /** Unix milliseconds. */
  readonly timeMs: number;
  readonly subject?: string;
  readonly command?: string;
  readonly key?: string;
  readonly digest?: string;
  /** A fresh copy at every read. */
  readonly body: unknown;
  /** SHA-256, hex, over this record and the hash of the one before (docs/journal.md). */
  readonly hash: string;
}

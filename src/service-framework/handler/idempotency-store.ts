/** The answer once given to a key. */
export interface StoredAnswer {
  /** Digest of the body it was given for (see `Idempotency`). */
  readonly digest: string;
  readonly reply: unknown;
}

/**
 * Looks up answers already given. The host only reads: the handler writes the answer, with key and
 * digest, in the durable record of the effect itself. Answers are kept at least 7 days.
 */
export interface IdempotencyStore {
  find(command: string, key: string): Promise<StoredAnswer | undefined> | StoredAnswer | undefined;
}

/** A store that the host also writes to after success, for handlers without a durable record. */
export interface RecordingIdempotencyStore extends IdempotencyStore {
  record(command: string, key: string, answer: StoredAnswer): Promise<void> | void;
}

/** What a journal takes; beyond it an append is refused, never cut. */
export const JOURNAL_LIMITS = {
  /** One encoded body. A tally with all votes is some kilobytes; this only stops a runaway. */
  bodyBytes: 64 * 1024 * 1024,
  /** Nesting of a body; the wire allows 32, a record wraps what came from it. */
  depth: 64,
  /** Characters of kind, subject, command, key and digest: they are indexed. */
  textCharacters: 1024,
  /** Appends not yet durable: at most so many seconds of a slow disk are held in memory. */
  queuedRecords: 65_536,
  queuedBytes: 256 * 1024 * 1024,
  /** One transaction: bounds how long the first of a group waits for the last. */
  groupRecords: 4096,
  groupBytes: 16 * 1024 * 1024,
  /** Checkpoints kept: the newest may be damaged, the ones before still save a replay. */
  checkpoints: 3,
} as const;

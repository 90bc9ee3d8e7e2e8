export type { Checkpoint } from './checkpoint-file.js';
export { type ExportLine, exportLine } from './export-line.js';
export type { Appended, Journal, JournalFailure, ReadRange } from './journal.js';
export { JOURNAL_LIMITS } from './limits.js';
export { type OpenJournalOptions, openJournal } from './open-journal.js';
export {
  type AppendRequest,
  type DurabilityPromise,
  type JournalRecord,
  RECORD_KINDS,
  type RecordIdempotency,
  type RecordKind,
  type RecordKinds,
} from './record.js';
export { type RepairOptions, type RepairReport, repairJournal } from './repair-journal.js';
export { JOURNAL_FORMAT } from './schema.js';
export {
  type JournalProblem,
  type JournalProblemKind,
  type JournalVerification,
  type VerifyOptions,
  verifyJournal,
} from './verify-journal.js';

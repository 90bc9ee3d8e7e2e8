import type { ServiceError } from '../../runtime/index.js';
import type { Checkpoint } from './checkpoint-file.js';
import type { AppendRequest, JournalRecord, RecordKind } from './record.js';

/** What `append` answers at once. */
export interface Appended {
  readonly seq: number;
  readonly hash: string;
  /**
   * Resolves when the promise of the record's kind holds, never before those of earlier records.
   * Rejects with UNAVAILABLE (disk) or DATA_LOSS; may be left unawaited, failures also reach
   * `onFailure`.
   */
  readonly durable: Promise<void>;
}

/** Records that were appended and will not be in the journal. */
export interface JournalFailure {
  /**
   * `refused`: a full disk or the like; the journal stands at `durableSeq` again and takes appends.
   * `failed`: an I/O error; nothing more is taken, and whether the records after `durableSeq` are on
   * the disk is unknown until the journal is opened again.
   */
  readonly kind: 'refused' | 'failed';
  readonly error: ServiceError;
  /** The last record that holds. State built on later ones must be rebuilt from the journal. */
  readonly durableSeq: number;
}

export interface ReadRange {
  /** First record, 1 by default. */
  readonly fromSeq?: number;
  /** Last record; the end as it is when reading gets there, by default. */
  readonly toSeq?: number;
  /** Only these kinds. Between records of other kinds a missing one is then not noticed. */
  readonly kinds?: readonly RecordKind[];
}

/**
 * An append-only, hash-chained log of records: the truth from which all state is rebuilt. Every read
 * checks the hash of what it returns and throws DATA_LOSS, naming file and record, when it does not
 * hold. Reads see every record appended, also those not yet durable.
 */
export interface Journal {
  /** Tells this journal from every other; part of what refers to its records from outside. */
  readonly id: string;
  /**
   * Gives the record its place and starts writing it. Of the arguments nothing is kept: the body is
   * encoded during the call.
   *
   * @throws ServiceError INVALID_ARGUMENT; ALREADY_EXISTS for a command and key already recorded;
   *   RESOURCE_EXHAUSTED when too much waits for the disk; UNAVAILABLE or DATA_LOSS after a failure;
   *   FAILED_PRECONDITION when closed or read-only
   */
  append(request: AppendRequest): Appended;
  /** The newest record appended; 0 when there is none. */
  readonly lastSeq: number;
  /** The newest durable record. */
  readonly durableSeq: number;
  /** Hash of record `durableSeq`, hex. */
  readonly headHash: string;
  /** The newest record of a kind about a subject. */
  findBySubject(kind: RecordKind, subject: string): JournalRecord | undefined;
  /** The record that answered this key. Keys are kept as long as the journal. */
  findByKey(command: string, key: string): JournalRecord | undefined;
  /** Resolves when record `seq` and all before it survive power loss. Rejects as `append` does. */
  whenDurable(seq: number): Promise<void>;
  /** Records in order. */
  read(range?: ReadRange): Iterable<JournalRecord>;
  /**
   * Stores a state to start replay from; the newest three are kept. Waits until record `seq`
   * survives power loss, so that no checkpoint ever stands beyond the journal's end.
   *
   * @throws ServiceError INVALID_ARGUMENT for a `seq` not in the journal; UNAVAILABLE (disk)
   */
  writeCheckpoint(checkpoint: Checkpoint): Promise<void>;
  /** The newest checkpoint that is whole, at or before `atMost`; damaged ones are passed over and logged. */
  latestCheckpoint(atMost?: number): Checkpoint | undefined;
  /** Called at once when appended records are lost, before their promises reject. Returns the way to stop. */
  onFailure(listener: (failure: JournalFailure) => void): () => void;
  /** Writes what was appended, ends in order, frees the folder. */
  close(): Promise<void>;
}

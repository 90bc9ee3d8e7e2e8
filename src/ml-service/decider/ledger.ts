import type { PolicyVersion } from '../dto/index.js';
import type { Checkpoint, JournalRecord } from '../journal/index.js';
import type {
  ConfigurationRecord,
  CorrectionRecord,
  FeedbackRecord,
  PolicyRecord,
  RollbackRecord,
} from './records.js';

/** The kinds that say which outcomes count and which policy they count for. */
export const STRUCTURAL_KINDS = ['configuration', 'correction', 'policy', 'rollback'] as const;

/** Records `from` to `to`, both included. */
export interface Segment {
  readonly from: number;
  readonly to: number;
}

/**
 * Which records make the state, in which order: corrections stand in the place of what they correct, outcomes that a
 * rollback left behind do not count. It keeps books only; the arithmetic is the fold's.
 */
export class Ledger {
  readonly #structural: JournalRecord[] = [];
  /** The outcome in force at the place of one that was corrected. */
  readonly #corrected = new Map<number, FeedbackRecord>();
  readonly #corrections: { readonly seq: number; readonly place: number }[] = [];
  readonly #versions: PolicyVersion[] = [];
  #frozen = false;

  /** Takes note of a record of {@link STRUCTURAL_KINDS}; others change nothing. */
  note(record: JournalRecord): void {
    if (record.kind === 'correction') {
      const correction = record.body as CorrectionRecord;
      this.#corrected.set(correction.place, correction);
      this.#corrections.push({ seq: record.seq, place: correction.place });
      return;
    }
    if (record.kind !== 'configuration' && record.kind !== 'rollback' && record.kind !== 'policy') return;
    this.#structural.push(record);
    if (record.kind === 'policy') {
      const policy = record.body as PolicyRecord;
      if (policy.change === 'freeze') {
        this.#frozen = policy.frozen;
        return;
      }
    }
    this.#versions.push(this.#lineageOf(record));
  }

  /** Whether outcomes are recorded without being learned at present. */
  get frozen(): boolean {
    return this.#frozen;
  }

  get versions(): readonly PolicyVersion[] {
    return this.#versions;
  }

  /** The outcome that counts at the place of a feedback record. */
  inForce(seq: number, recorded: FeedbackRecord): FeedbackRecord {
    return this.#corrected.get(seq) ?? recorded;
  }

  /** Whether outcomes were learned at that place. */
  frozenAt(seq: number): boolean {
    let frozen = false;
    for (const record of this.#structural) {
      if (record.seq > seq) break;
      const policy = record.body as PolicyRecord;
      if (record.kind === 'policy' && policy.change === 'freeze') frozen = policy.frozen;
    }
    return frozen;
  }

  /** Configurations, rollbacks and changes of the policy among these records, in order. */
  structural(from: number, to: number): JournalRecord[] {
    return this.#structural.filter(({ seq }) => seq >= from && seq <= to);
  }

  /** The last configuration at or before a record. */
  configurationAt(seq: number): ConfigurationRecord | undefined {
    const found = this.#structural.filter((record) => record.kind === 'configuration' && record.seq <= seq);
    return found.at(-1)?.body as ConfigurationRecord | undefined;
  }

  /** The records whose outcomes count after record `seq`: a rollback leaves out what it goes back over. */
  pathTo(seq: number): Segment[] {
    const rollback = this.#structural.findLast((record) => record.kind === 'rollback' && record.seq <= seq);
    if (!rollback) return [{ from: 1, to: seq }];
    const { toSeq } = rollback.body as RollbackRecord;
    return [...this.pathTo(toSeq), { from: rollback.seq, to: seq }];
  }

  /** Whether a state taken after record `seq`, before the later records were known, still is what they make of it. */
  holds({ seq }: Pick<Checkpoint, 'seq'>): boolean {
    return !this.#corrections.some((correction) => correction.seq > seq && correction.place <= seq);
  }

  #lineageOf(record: JournalRecord): PolicyVersion {
    const version = this.#versions.length + 1;
    const place = { version, seq: record.seq, timeMs: record.timeMs };
    const body = record.body as { readonly policyVersion: string; readonly reason?: string };
    const said = { reason: body.reason ?? 'settings', policyVersion: body.policyVersion };
    if (record.kind !== 'rollback')
      return {
        ...place,
        ...said,
        parent: version - 1,
        cause: record.kind === 'configuration' ? 'configuration' : 'promotion',
      };
    const { toSeq } = record.body as RollbackRecord;
    const parent = this.#versions.findLast(({ seq }) => seq <= toSeq);
    return { ...place, ...said, parent: parent?.version ?? 0, cause: 'rollback' };
  }
}

import { isDeepStrictEqual } from 'node:util';
import { ServiceError } from '../../runtime/index.js';
import type { Journal, JournalRecord } from '../journal/index.js';
import { DecisionSource } from './decision-source.js';
import { type Answer, DeciderFold } from './fold.js';
import type { DecisionRecord } from './records.js';

/** A place where the journal says one thing and its replay another. */
export interface ReplayDifference {
  readonly seq: number;
  readonly kind: string;
  readonly message: string;
}

export interface ReplayReport {
  readonly records: number;
  readonly decisions: number;
  readonly outcomes: number;
  /** Outcomes that took the place of earlier ones. */
  readonly corrections: number;
  /** Decisions made by another version of the arithmetic, which this one cannot make again. */
  readonly skipped: number;
  /** Hash of the state at the end. */
  readonly stateHash: string;
  /** Last record replayed. */
  readonly seq: number;
  readonly differences: readonly ReplayDifference[];
}

const COMPARED = [
  'action',
  'greedy',
  'size',
  'scores',
  'propensities',
  'contributions',
  'override',
  'shadows',
  'stateHash',
  'policyVersion',
] as const satisfies readonly (keyof Answer)[];

/** Journals of before these were recorded do not have them. */
const COMPARED_WHERE_RECORDED = ['mixture', 'guardrail'] as const satisfies readonly (keyof Answer)[];

/** What a recorded decision says differently from its replay; equality is bit for bit, -0 and NaN included. */
function differenceOf(recorded: DecisionRecord, replayed: Answer): string | undefined {
  for (const field of [
    ...COMPARED,
    ...COMPARED_WHERE_RECORDED.filter((name) => recorded[name] !== undefined),
  ]) {
    if (isDeepStrictEqual(recorded[field], replayed[field])) continue;
    return `${field} was ${JSON.stringify(recorded[field])}, its replay gives ${JSON.stringify(replayed[field])}`;
  }
  return undefined;
}

/**
 * Rebuilds the decider's state from the first record on, without any checkpoint, and makes every decision again.
 * @param onProgress called with the sequence of each record done
 */
export function replay(
  journal: Pick<Journal, 'read' | 'findBySubject'>,
  options: { readonly untilSeq?: number; readonly onProgress?: (seq: number) => void } = {},
): ReplayReport {
  const source = new DecisionSource(journal);
  const fold = new DeciderFold(source);
  const differences: ReplayDifference[] = [];
  let records = 0;
  let decisions = 0;
  let outcomes = 0;
  let corrections = 0;
  let skipped = 0;
  let seq = 0;
  const step = (record: JournalRecord): void => {
    if (record.kind === 'decision') {
      const recorded = record.body as DecisionRecord;
      decisions += 1;
      source.remember(recorded);
      // Another version of the arithmetic decided then; only its own can give its bits again.
      if (!fold.sameArithmetic) {
        skipped += 1;
        return;
      }
      const message = differenceOf(recorded, fold.answer(recorded.tally, recorded.costs, record.seq));
      if (message !== undefined) differences.push({ seq: record.seq, kind: record.kind, message });
      return;
    }
    if (record.kind === 'feedback') outcomes += 1;
    if (record.kind === 'correction') corrections += 1;
    fold.apply(record);
  };
  for (const record of journal.read(options.untilSeq === undefined ? {} : { toSeq: options.untilSeq })) {
    try {
      step(record);
    } catch (thrown) {
      const error = ServiceError.from(thrown);
      if (error.code !== 'DATA_LOSS') throw error;
      differences.push({ seq: record.seq, kind: record.kind, message: error.message });
    }
    records += 1;
    seq = record.seq;
    options.onProgress?.(seq);
  }
  return { records, decisions, outcomes, corrections, skipped, stateHash: fold.stateHash, seq, differences };
}

import type { Journal, JournalRecord } from '../journal/index.js';
import type { CorrectionRecord, FeedbackRecord } from './records.js';

/** The outcome of a decision that is in force. */
export interface OutcomeInForce {
  /** Its record. */
  readonly seq: number;
  /** The decision's first outcome, whose place in the order it has. */
  readonly place: number;
  readonly outcome: FeedbackRecord;
}

function inForce(record: JournalRecord): OutcomeInForce {
  const outcome = record.body as FeedbackRecord | CorrectionRecord;
  return { seq: record.seq, place: 'place' in outcome ? outcome.place : record.seq, outcome };
}

/** The last word on what became of a decision, if there is any. */
export function outcomeOf(
  journal: Pick<Journal, 'findBySubject'>,
  decisionId: string,
): OutcomeInForce | undefined {
  const first = journal.findBySubject('feedback', decisionId);
  // Nothing is corrected that was never told.
  return first && inForce(journal.findBySubject('correction', decisionId) ?? first);
}

/** The outcomes that were corrected since, oldest first. */
export function correctedOutcomesOf(
  journal: Pick<Journal, 'findBySubject' | 'read'>,
  decisionId: string,
): OutcomeInForce[] {
  const earlier: OutcomeInForce[] = [];
  let record = journal.findBySubject('correction', decisionId);
  while (record) {
    const { corrects } = record.body as Partial<CorrectionRecord>;
    if (corrects === undefined) break;
    record = [...journal.read({ fromSeq: corrects, toSeq: corrects })][0];
    if (record) earlier.unshift(inForce(record));
  }
  return earlier;
}

import type { IdempotencyStore, StoredAnswer } from '../../service-framework/index.js';
import type { Learned, Marked, PolicyChanged } from '../dto/index.js';
import type { Journal, JournalRecord } from '../journal/index.js';
import type {
  CorrectionRecord,
  FeedbackRecord,
  MarkRecord,
  PolicyRecord,
  RollbackRecord,
} from './records.js';

/** The answer that a record's effect was given, made of the record itself; undefined for kinds without effect. */
export function replyOf({ kind, seq, body }: JournalRecord): Learned | Marked | PolicyChanged | undefined {
  if (kind === 'feedback' || kind === 'correction') {
    const { learned, stateHash, corrects } = body as FeedbackRecord & Partial<CorrectionRecord>;
    return { learned, seq, stateHash, ...(corrects === undefined ? {} : { corrects }) };
  }
  if (kind === 'outcome') {
    const { marked, open, compared } = body as MarkRecord;
    return { marked: [...marked], open, compared: compared.length, seq };
  }
  if (kind !== 'rollback' && kind !== 'policy') return undefined;
  const { stateHash, policyVersion } = body as RollbackRecord | PolicyRecord;
  return { seq, stateHash, policyVersion };
}

/**
 * Answers given before, found in the journal: the record of an effect carries the key it was asked under, so
 * that effect and answer are one write.
 */
export class JournalIdempotency implements IdempotencyStore {
  readonly #journal: Journal;

  constructor(journal: Journal) {
    this.#journal = journal;
  }

  async find(command: string, key: string): Promise<StoredAnswer | undefined> {
    const record = this.#journal.findByKey(command, key);
    if (!record?.digest) return undefined;
    const reply = replyOf(record);
    if (!reply) return undefined;
    // A record still on its way to the disk is no answer yet.
    await this.#journal.whenDurable(record.seq);
    return { digest: record.digest, reply };
  }
}

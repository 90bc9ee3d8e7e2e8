import type { IdempotencyStore, StoredAnswer } from '../../service-framework/index.js';
import type { Learned } from '../dto/index.js';
import type { Journal, JournalRecord } from '../journal/index.js';
import type { FeedbackRecord } from './records.js';

function learnedReply(record: JournalRecord): Learned {
  const { learned, stateHash } = record.body as FeedbackRecord;
  return { learned, seq: record.seq, stateHash };
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
    if (!record?.digest || record.kind !== 'feedback') return undefined;
    // A record still on its way to the disk is no answer yet.
    await this.#journal.whenDurable(record.seq);
    return { digest: record.digest, reply: learnedReply(record) };
  }
}

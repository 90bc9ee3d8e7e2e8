import type { Journal, JournalRecord } from '../journal/index.js';
import type { FoldSource } from './fold.js';
import type { DecisionRecord } from './records.js';

/** Decisions kept in memory: outcomes mostly follow soon after. */
const RECENT = 4_096;

/** Finds decisions in the journal, the recent ones without reading it. */
export class DecisionSource implements FoldSource {
  readonly #journal: Pick<Journal, 'findBySubject' | 'read'>;
  readonly #recent = new Map<string, DecisionRecord>();

  constructor(journal: Pick<Journal, 'findBySubject' | 'read'>) {
    this.#journal = journal;
  }

  remember(decision: DecisionRecord): void {
    this.#recent.set(decision.decisionId, decision);
    if (this.#recent.size <= RECENT) return;
    const oldest = this.#recent.keys().next();
    if (!oldest.done) this.#recent.delete(oldest.value);
  }

  /** Forgets what is not read from the journal itself. */
  clear(): void {
    this.#recent.clear();
  }

  decision(decisionId: string): DecisionRecord | undefined {
    return (
      this.#recent.get(decisionId) ??
      (this.#journal.findBySubject('decision', decisionId)?.body as DecisionRecord | undefined)
    );
  }

  *feedbackBefore(seq: number): Iterable<JournalRecord> {
    if (seq > 1) yield* this.#journal.read({ toSeq: seq - 1, kinds: ['feedback'] });
  }
}

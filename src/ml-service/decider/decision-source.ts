import type { Checkpoint, Journal, JournalRecord } from '../journal/index.js';
import type { FoldSource } from './fold.js';
import type { DecisionRecord } from './records.js';

/** Decisions kept in memory: outcomes mostly follow soon after. */
const RECENT = 4_096;

/** Finds decisions in the journal, the recent ones without reading it. */
export class DecisionSource implements FoldSource {
  readonly #journal: Pick<Journal, 'findBySubject' | 'read'>;
  readonly #checkpoints: Pick<Journal, 'latestCheckpoint'> | undefined;
  readonly #recent = new Map<string, DecisionRecord>();
  /** When the journal took them. */
  readonly #decidedMs = new Map<string, number>();

  /** @param checkpoints given only where the fold may make use of them */
  constructor(
    journal: Pick<Journal, 'findBySubject' | 'read'>,
    checkpoints?: Pick<Journal, 'latestCheckpoint'>,
  ) {
    this.#journal = journal;
    this.#checkpoints = checkpoints;
  }

  remember(decision: DecisionRecord, decidedMs?: number): void {
    this.#recent.set(decision.decisionId, decision);
    if (decidedMs !== undefined) this.#decidedMs.set(decision.decisionId, decidedMs);
    if (this.#recent.size <= RECENT) return;
    const oldest = this.#recent.keys().next();
    if (oldest.done) return;
    this.#recent.delete(oldest.value);
    this.#decidedMs.delete(oldest.value);
  }

  /** Forgets what is not read from the journal itself. */
  clear(): void {
    this.#recent.clear();
    this.#decidedMs.clear();
  }

  decision(decisionId: string): DecisionRecord | undefined {
    return (
      this.#recent.get(decisionId) ??
      (this.#journal.findBySubject('decision', decisionId)?.body as DecisionRecord | undefined)
    );
  }

  /** When the journal took a decision, Unix milliseconds. */
  decidedMs(decisionId: string): number | undefined {
    return this.#decidedMs.get(decisionId) ?? this.#journal.findBySubject('decision', decisionId)?.timeMs;
  }

  *feedback(fromSeq: number, toSeq: number): Iterable<JournalRecord> {
    if (toSeq >= fromSeq) yield* this.#journal.read({ fromSeq, toSeq, kinds: ['feedback'] });
  }

  checkpoint(atMost: number): Checkpoint | undefined {
    return this.#checkpoints?.latestCheckpoint(atMost);
  }
}

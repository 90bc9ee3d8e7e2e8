import { Decider } from '../../fastcalc/index.js';
import {
  type Answer,
  DeciderFold,
  type DecisionRecord,
  DecisionSource,
  type FeedbackRecord,
  type PolicySettings,
} from '../decider/index.js';
import type { Journal, JournalRecord } from '../journal/index.js';

/** A logged decision beside what another policy would have decided at that moment, knowing what was known then. */
export interface PolicyStep {
  readonly seq: number;
  readonly decision: DecisionRecord;
  readonly target: Answer;
}

/** An outcome as it was logged. */
export interface PolicyOutcome {
  readonly seq: number;
  readonly feedback: FeedbackRecord;
}

export interface PolicyWalk {
  onDecision(step: PolicyStep): void;
  onOutcome(outcome: PolicyOutcome): void;
}

export interface WalkOptions {
  /** Stop after this record. */
  readonly untilSeq?: number;
  /** Called with the sequence of each record done. */
  readonly onProgress?: (seq: number) => void;
}

/**
 * Goes through a journal with another policy in the place of the one that decided: it learns every logged outcome
 * when it was learned, and answers every logged tally from what it then knows. What the journal says of
 * configurations, rollbacks and promotions is passed over; alerts and costs are those of the question.
 *
 * @returns how the other policy ended up: its version and the hash of its state
 */
export function walkWithPolicy(
  journal: Pick<Journal, 'read' | 'findBySubject'>,
  policy: PolicySettings,
  walk: PolicyWalk,
  options: WalkOptions = {},
): { readonly policyVersion: string; readonly stateHash: string; readonly records: number } {
  const source = new DecisionSource(journal);
  const fold = new DeciderFold(source);
  fold.apply(firstConfiguration(policy));
  let records = 0;
  for (const record of journal.read(options.untilSeq === undefined ? {} : { toSeq: options.untilSeq })) {
    if (record.kind === 'decision') {
      const decision = record.body as DecisionRecord;
      source.remember(decision);
      walk.onDecision({
        seq: record.seq,
        decision,
        target: fold.answer(decision.tally, decision.costs, record.seq),
      });
    } else if (record.kind === 'feedback' || record.kind === 'correction') {
      fold.apply(record);
      walk.onOutcome({ seq: record.seq, feedback: record.body as FeedbackRecord });
    }
    records += 1;
    options.onProgress?.(record.seq);
  }
  return { policyVersion: fold.policyVersion, stateHash: fold.stateHash, records };
}

/** Stands before the first record. It claims no version, so that logged state hashes, another policy's, are not held against it. */
function firstConfiguration(policy: PolicySettings): JournalRecord {
  return {
    seq: 0,
    kind: 'configuration',
    timeMs: 0,
    hash: '',
    body: {
      policyVersion: '',
      decider: new Decider(policy.decider).config(),
      exploration: { rate: policy.explorationRate, seed: policy.seed },
    },
  };
}

import type { PolicySettings } from '../decider/index.js';
import type { Action, ByAction } from '../dto/index.js';
import type { Journal } from '../journal/index.js';
import { type WalkOptions, walkWithPolicy } from './policy-steps.js';

/** What one policy did and another would have done with one decision. */
export interface PolicyDifference {
  readonly seq: number;
  readonly decisionId: string;
  readonly asOfMs: number;
  readonly symbol: string;
  readonly was: { readonly action: Action; readonly size: number; readonly scores: ByAction };
  readonly would: { readonly action: Action; readonly size: number; readonly scores: ByAction };
}

export interface PolicyComparison {
  readonly policyVersion: string;
  /** Hash of the other policy's state at the end. */
  readonly stateHash: string;
  readonly records: number;
  readonly decisions: number;
  /** Decisions with another action. */
  readonly otherAction: number;
  /** Decisions with the same action at another size. */
  readonly otherSize: number;
}

/**
 * Makes every decision of a journal again with another policy and hands over those that differ in action or size,
 * one by one as they come.
 */
export function comparePolicy(
  journal: Pick<Journal, 'read' | 'findBySubject'>,
  policy: PolicySettings,
  onDifference: (difference: PolicyDifference) => void,
  options: WalkOptions = {},
): PolicyComparison {
  let decisions = 0;
  let otherAction = 0;
  let otherSize = 0;
  const end = walkWithPolicy(
    journal,
    policy,
    {
      onDecision({ seq, decision, target }) {
        decisions += 1;
        if (decision.action !== target.action) otherAction += 1;
        else if (decision.size !== target.size) otherSize += 1;
        else return;
        const { decisionId, asOfMs, symbol } = decision;
        onDifference({ seq, decisionId, asOfMs, symbol, was: part(decision), would: part(target) });
      },
      onOutcome: () => undefined,
    },
    options,
  );
  return { ...end, decisions, otherAction, otherSize };
}

function part<T extends PolicyDifference['was']>({ action, size, scores }: T): PolicyDifference['was'] {
  return { action, size, scores };
}

import { expect } from 'chai';
import fc from 'fast-check';
import { Decider } from '#conclave/fastcalc/index.js';
import {
  type DecisionRecord,
  deciderContext,
  deciderVotes,
  replay,
  roundTripBps,
} from '#conclave/ml-service/index.js';
import type { Lean } from '../../support/market.js';
import { codeOf, FREE, LifeSandbox, tallyFor, told, type Votes } from './life-support.js';

const EXPERTS = ['alpha', 'beta', 'gamma', 'delta', 'epsilon'];

type Step =
  | { readonly kind: 'decide'; readonly votes: Votes }
  | { readonly kind: 'report' | 'correct'; readonly which: number; readonly bps: number }
  | { readonly kind: 'broken'; readonly which: number; readonly bps: number }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'restart'; readonly orderly: boolean };

/** Who votes changes from decision to decision: experts join, leave and come back. */
const votes: fc.Arbitrary<Votes> = fc
  .array(fc.constantFrom<Lean | undefined>('buy', 'hold', 'sell', undefined), {
    minLength: EXPERTS.length,
    maxLength: EXPERTS.length,
  })
  .map((leans) =>
    Object.fromEntries(
      leans.flatMap((lean, i) => (lean === undefined ? [] : [[EXPERTS[i] as string, lean] as const])),
    ),
  );
const which = fc.nat(1_000);
const bps = fc.integer({ min: -200, max: 200 });

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('decide' as const), votes }) },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('report' as const), which, bps }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('correct' as const), which, bps }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('broken' as const),
      which,
      bps: fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, 1e308),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: 'unknown' as const }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('restart' as const), orderly: fc.boolean() }) },
);

/** What the service should know: decisions in the order of their first outcomes, with the last word on each. */
class CleanSequence {
  readonly decisions: DecisionRecord[] = [];
  readonly outcomes = new Map<string, { bps: number; seq: number }>();

  stateHash(): string {
    const decider = new Decider();
    for (const [decisionId, outcome] of this.outcomes) {
      const decision = this.decisions.find((known) => known.decisionId === decisionId);
      if (!decision || decision.tally.votes.length === 0) continue;
      decider.learn(
        deciderVotes(decision.tally),
        { roundTripBps: roundTripBps(FREE) },
        { rewardsBps: { buy: outcome.bps, hold: 0, sell: -outcome.bps } },
        deciderContext(decision.tally),
      );
    }
    return decider.stateHash();
  }
}

async function take(sandbox: LifeSandbox, clean: CleanSequence, next: Step): Promise<void> {
  const { service } = sandbox;
  if (next.kind === 'decide') {
    const { decisionId } = await service.decide(tallyFor(next.votes));
    clean.decisions.push(service.decision(decisionId));
  } else if (next.kind === 'restart') {
    await sandbox.close(next.orderly);
    await sandbox.open();
  } else if (next.kind === 'unknown') {
    expect(await codeOf(service.learn(told('nobody-7', 1), undefined))).to.equal('NOT_FOUND');
  } else {
    const decision = clean.decisions[next.which % Math.max(1, clean.decisions.length)];
    if (!decision) return;
    const { decisionId } = decision;
    const known = clean.outcomes.get(decisionId);
    if (next.kind === 'broken') {
      const corrects = known ? { corrects: known.seq } : {};
      // Where nobody voted there is nothing that the kernel could refuse.
      if (decision.tally.votes.length === 0) return;
      expect(await codeOf(service.learn(told(decisionId, next.bps, corrects), undefined))).to.equal(
        'INVALID_ARGUMENT',
      );
    } else if (next.kind === 'report' && known) {
      expect(await codeOf(service.learn(told(decisionId, next.bps), undefined))).to.equal('ALREADY_EXISTS');
    } else if (next.kind === 'report') {
      const { seq } = await service.learn(told(decisionId, next.bps), undefined);
      clean.outcomes.set(decisionId, { bps: next.bps, seq });
    } else if (known) {
      const stale = told(decisionId, next.bps, { corrects: known.seq - 1 });
      expect(await codeOf(service.learn(stale, undefined))).to.equal('CONFLICT');
      const { seq } = await service.learn(told(decisionId, next.bps, { corrects: known.seq }), undefined);
      known.bps = next.bps;
      known.seq = seq;
    } else {
      const early = told(decisionId, next.bps, { corrects: 1 });
      expect(await codeOf(service.learn(early, undefined))).to.equal('NOT_FOUND');
    }
  }
}

describe('the life of outcomes', function () {
  this.timeout(120_000);

  it('leads to the state of the clean sequence, whatever is repeated, late, corrected, broken or restarted', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 60 }), async (steps) => {
        const sandbox = new LifeSandbox();
        await sandbox.open();
        try {
          const clean = new CleanSequence();
          for (const next of steps) await take(sandbox, clean, next);
          expect(sandbox.service.status().stateHash).to.equal(clean.stateHash());
          const report = replay(sandbox.journal);
          expect(report.differences).to.deep.equal([]);
          expect(report.stateHash).to.equal(clean.stateHash());
        } finally {
          await sandbox.close();
          sandbox.remove();
        }
      }),
      { numRuns: 15 },
    );
  });
});

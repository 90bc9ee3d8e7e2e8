import { expect } from 'chai';
import { CreditWalk } from '#conclave/ml-service/index.js';
import { SeededRng } from '#conclave/runtime/index.js';
import { LifeSandbox, tallyFor, told } from './life-support.js';

describe('credit of the experts', function () {
  this.timeout(60_000);
  let sandbox: LifeSandbox;

  beforeEach(async () => {
    sandbox = new LifeSandbox();
    await sandbox.open();
  });

  afterEach(async () => {
    await sandbox.close();
    sandbox.remove();
  });

  /** `oracle` is always right, `mirror` repeats it seldom wrong, `noise` guesses. Returns the last outcome's record. */
  async function rounds(count: number): Promise<{ decisionId: string; seq: number }> {
    const rng = new SeededRng(11);
    let last = { decisionId: '', seq: 0 };
    for (let i = 0; i < count; i++) {
      const rises = rng.uniform() < 0.5;
      const [right, wrong] = rises ? (['buy', 'sell'] as const) : (['sell', 'buy'] as const);
      const votes = {
        oracle: right,
        mirror: rng.uniform() < 0.9 ? right : wrong,
        noise: rng.uniform() < 0.5 ? right : wrong,
      };
      const { decisionId } = await sandbox.service.decide(tallyFor(votes));
      const { seq } = await sandbox.service.learn(told(decisionId, rises ? 20 : -20), undefined);
      last = { decisionId, seq };
    }
    return last;
  }

  function reportOf() {
    const walk = new CreditWalk(sandbox.journal);
    while (walk.advance(50) === 50);
    return walk.report();
  }

  it('puts the expert on top without whose vote the decisions would have earned least', async () => {
    await rounds(150);
    const { experts, decisions, judged, seq } = reportOf();
    expect({ decisions, judged, seq }).to.deep.equal({
      decisions: 150,
      judged: 150,
      seq: sandbox.journal.lastSeq,
    });
    const [first, , last] = experts;
    expect(first).to.include({ expert: 'oracle', votes: 150, hitRate: 1, edgeBps: 20 });
    expect(last?.expert).to.equal('noise');
    expect(first?.worthBps).to.be.above(0);
    expect(first?.totalWorthBps).to.be.closeTo((first?.worthBps ?? 0) * 150, 1e-9);
    // Probabilities of .6, .2, .2 on what is always right.
    expect(first?.brier).to.be.closeTo(0.16 + 0.04 + 0.04, 1e-9);
    expect(first?.ece).to.be.closeTo(0.4, 1e-9);
    expect(first?.herding[0]).to.include({ expert: 'mirror', common: 150 });
    expect(first?.herding[0]?.kappa).to.be.within(0.6, 1);
    expect(Math.abs(last?.herding[0]?.kappa ?? 1)).to.be.below(0.35);
    expect(first?.regimes).to.deep.equal([{ regime: 'unknown', judged: 150, hitRate: 1, edgeBps: 20 }]);
  });

  it('counts the last word on an outcome', async () => {
    const { decisionId, seq } = await rounds(20);
    const before = reportOf();
    const { service } = sandbox;
    const wrong = await service.learn(told(decisionId, 500, { corrects: seq }), undefined);
    const walk = new CreditWalk(sandbox.journal);
    while (walk.advance(7) === 7);
    const right = before.experts[0]?.edgeBps;
    expect(walk.report().experts.find(({ expert }) => expert === 'oracle')?.edgeBps).to.not.equal(right);
    const rises =
      service.decision(decisionId).tally.votes.find(({ expert }) => expert === 'oracle')?.label === 'buy';
    await service.learn(told(decisionId, rises ? 20 : -20, { corrects: wrong.seq }), undefined);
    // Goes on from where it was.
    walk.advance(100);
    expect(walk.report().experts.find(({ expert }) => expert === 'oracle')?.edgeBps).to.be.closeTo(20, 1e-9);
    expect(walk.report().judged).to.equal(20);
  });

  it('is the same from a running service as from its journal', async () => {
    await rounds(30);
    expect(await sandbox.service.credit(() => true)).to.deep.equal(reportOf());
    const few = await rounds(3);
    expect((await sandbox.service.credit(() => false)).seq).to.equal(few.seq);
  });
});

import { expect } from 'chai';
import fc from 'fast-check';
import { Decider, type DeciderVote } from '#conclave/fastcalc/index.js';

import { ACTIONS, failure, lehmer, NO_COSTS, vote } from './decider-support.js';

describe('Decider', () => {
  const three = [vote('a@1', 'buy'), vote('b@1', 'buy'), vote('c@1', 'sell')];

  function trained(): Decider {
    const decider = new Decider();
    for (let t = 0; t < 60; t += 1) {
      const move = (t % 7) - 3;
      decider.learn(three, { roundTripBps: 1 }, { rewardsBps: { buy: move - 1, hold: 0, sell: -move - 1 } });
    }
    return decider;
  }

  it('answers as plurality before the first outcome, whatever trading costs', () => {
    const answer = new Decider().decide(three, { roundTripBps: 500 });
    expect(answer.action).to.equal('buy');
    expect(answer.plurality).to.equal('buy');
    expect(answer.scores.buy).to.be.greaterThan(answer.scores.hold);
    expect(answer.mixture[0]).to.deep.equal({ component: 'plurality', weight: 0.5 });
    expect(answer.mixture.map((part) => part.component).slice(1)).to.deep.equal([
      'naive-bayes',
      'realised-best',
      'ridge-0.998',
      'ridge-0.9995',
      'edge-weighted',
    ]);
    expect(answer.size).to.equal(1);
  });

  it('holds, with scores of 0 and nobody to thank, when nobody votes', () => {
    for (const decider of [new Decider(), trained()]) {
      const answer = decider.decide([], { roundTripBps: 2 });
      expect(answer.action).to.equal('hold');
      expect(answer.scores).to.deep.equal({ buy: 0, hold: 0, sell: 0 });
      expect(answer.contributions).to.deep.equal([]);
    }
  });

  it('learns to follow the one that is right against a majority that errs together', () => {
    const decider = new Decider();
    const actions = ['buy', 'sell', 'hold'] as const;
    for (let t = 0; t < 300; t += 1) {
      const right = actions[t % 3] ?? 'hold';
      const wrong = actions[(t + 1) % 3] ?? 'hold';
      const votes = [vote('good@1', right), vote('bad@1', wrong), vote('worse@1', wrong)];
      const rewardsBps = { buy: 0, hold: 0, sell: 0, [right]: 1 };
      decider.learn(votes, NO_COSTS, { rewardsBps });
    }
    const asked = [vote('good@1', 'sell'), vote('bad@1', 'buy'), vote('worse@1', 'buy')];
    const answer = decider.decide(asked, NO_COSTS);
    expect(answer.plurality).to.equal('buy');
    expect(answer.action).to.equal('sell');
    const [bad, good] = decider.experts();
    expect(good).to.include({ slot: 'good@1', outcomes: 300, awake: true });
    expect(good?.hitRate).to.be.greaterThan(0.8);
    expect(bad?.hitRate).to.be.lessThan(0.1);
  });

  it('names contributions in the order of the votes, adding up to the scores', () => {
    const probabilities = fc.constantFrom(...ACTIONS);
    const votes = fc.uniqueArray(
      fc.record({ slot: fc.constantFrom('z@1', 'a@1', 'm@2', 'b@1'), probabilities }),
      {
        selector: (entry) => entry.slot,
      },
    );
    const decider = trained();
    fc.assert(
      fc.property(votes, fc.double({ min: 0, max: 30, noNaN: true }), (entries, roundTripBps) => {
        const asked = entries.map((entry) => vote(entry.slot, entry.probabilities));
        const answer = decider.decide(asked, { roundTripBps });
        expect(answer.contributions.map((part) => part.slot)).to.deep.equal(asked.map((entry) => entry.slot));
        for (const action of ACTIONS) {
          const sum = answer.contributions.reduce((total, part) => total + part[action], 0);
          expect(sum).to.be.closeTo(answer.scores[action], 1e-9);
        }
      }),
    );
  });

  it('answers many votes after few, and few after many', () => {
    const decider = trained();
    const many: DeciderVote[] = Array.from({ length: 200 }, (_, index) => vote(`expert-${index}@1`, 'sell'));
    const few = decider.decide(three, NO_COSTS);
    const answer = decider.decide(many, NO_COSTS);
    expect(answer.contributions).to.have.length(200);
    expect(answer.plurality).to.equal('sell');
    expect(decider.decide(three, NO_COSTS)).to.deep.equal(few);
  });

  it('is not changed by deciding', () => {
    const decider = trained();
    const before = decider.stateHash();
    decider.decide([...three, vote('newcomer@1', 'hold')], NO_COSTS);
    expect(decider.stateHash()).to.equal(before);
    expect(decider.outcomes).to.equal(60);
  });

  it('comes back from its snapshot with the same future', () => {
    const decider = trained();
    const restored = Decider.restore(decider.snapshot());
    expect(restored.stateHash()).to.equal(decider.stateHash());
    for (const each of [decider, restored]) {
      each.learn(three, NO_COSTS, { action: 'sell', rewardBps: 12 });
    }
    expect(restored.snapshot()).to.deep.equal(decider.snapshot());
    expect(restored.decide(three, NO_COSTS)).to.deep.equal(decider.decide(three, NO_COSTS));
    expect(restored.experts()).to.deep.equal(decider.experts());
  });

  it('knows in which regime to follow whom', () => {
    const blind = new Decider();
    const seeing = new Decider();
    const draw = lehmer(77);
    const ask = (regime: number, right: (typeof ACTIONS)[number], wrong: (typeof ACTIONS)[number]) => {
      // Each is right in one regime and wrong in the other; a third is right most of the time.
      const [one, other] = regime === 0 ? [right, wrong] : [wrong, right];
      const third = draw(10) < 6 ? right : wrong;
      return [vote('calm@1', one), vote('wild@1', other), vote('steady@1', third)];
    };
    const hits = { blind: 0, seeing: 0 };
    for (let t = 0; t < 1500; t += 1) {
      const regime = Math.floor(t / 5) % 2;
      const right = ACTIONS[draw(3)] ?? 'hold';
      const wrong = ACTIONS.filter((action) => action !== right)[draw(2)] ?? 'hold';
      const votes = ask(regime, right, wrong);
      const context = { regime: `regime ${regime}` };
      if (t >= 1000) {
        hits.blind += Number(blind.decide(votes, NO_COSTS).action === right);
        hits.seeing += Number(seeing.decide(votes, NO_COSTS, context).action === right);
      }
      const rewardsBps = { buy: 0, hold: 0, sell: 0, [right]: 1 };
      blind.learn(votes, NO_COSTS, { rewardsBps });
      seeing.learn(votes, NO_COSTS, { rewardsBps }, context);
    }
    expect(hits.seeing).to.be.greaterThan(480);
    expect(hits.blind).to.be.lessThan(420);
    const again = Decider.restore(seeing.snapshot());
    expect(again.stateHash()).to.equal(seeing.stateHash());
  });

  it('keeps its settings and names its policy after them', () => {
    const decider = new Decider({ discounts: [0.9], shareRate: 0.01 });
    expect(decider.config()).to.deep.include({ discounts: [0.9], shareRate: 0.01, pluralityPrior: 0.5 });
    expect(Decider.restore(decider.snapshot()).config()).to.deep.equal(decider.config());
    expect(decider.policyVersion).to.match(/^fixed-share-stack\/3\+[0-9a-f]{8}$/);
    expect(decider.policyVersion).to.not.equal(new Decider().policyVersion);
    expect(decider.decide(three, NO_COSTS).mixture).to.have.length(6);
  });

  it('refuses damaged, foreign and newer snapshots', () => {
    const bytes = trained().snapshot();
    const altered = Uint8Array.from(bytes);
    altered[100] = (altered[100] ?? 0) ^ 1;
    const newer = Uint8Array.from(bytes);
    newer[8] = 4;
    expect(failure(() => Decider.restore(altered))).to.deep.equal(['DATA_LOSS', 'snapshot']);
    expect(failure(() => Decider.restore(bytes.subarray(0, 50)))).to.deep.equal(['DATA_LOSS', 'snapshot']);
    expect(failure(() => Decider.restore(new Uint8Array(0)))).to.deep.equal(['DATA_LOSS', 'snapshot']);
    expect(failure(() => Decider.restore(newer))).to.deep.equal(['FAILED_PRECONDITION', 'snapshot']);
    expect(failure(() => Decider.restore('text' as never))).to.deep.equal(['INVALID_ARGUMENT', 'snapshot']);
  });
});

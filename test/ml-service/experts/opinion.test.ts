import { expect } from 'chai';
import fc from 'fast-check';
import { probabilitiesOfLean, squash, topAction } from '#conclave/ml-service/index.js';

describe('probabilities of a lean', () => {
  it('are probabilities for every number', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true }), (lean) => {
        const { buy, hold, sell } = probabilitiesOfLean(lean);
        for (const p of [buy, hold, sell]) expect(p).to.be.within(0, 1);
        expect(buy + hold + sell).to.be.closeTo(1, 1e-12);
      }),
    );
  });

  it('hold at rest, follow a strong lean, and mirror', () => {
    expect(topAction(probabilitiesOfLean(0))).to.equal('hold');
    expect(topAction(probabilitiesOfLean(0.4))).to.equal('buy');
    expect(topAction(probabilitiesOfLean(-0.4))).to.equal('sell');
    const up = probabilitiesOfLean(0.7);
    const down = probabilitiesOfLean(-0.7);
    expect(up.buy).to.be.closeTo(down.sell, 1e-12);
    expect(up.hold).to.equal(down.hold);
  });

  it('squash any number into (-1, 1)', () => {
    expect(squash(1)).to.equal(0.5);
    expect(squash(-3)).to.equal(-0.75);
    expect(squash(0)).to.equal(0);
  });
});

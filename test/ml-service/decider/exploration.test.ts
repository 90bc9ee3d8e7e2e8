import { expect } from 'chai';
import { ACTIONS, checkExploration, explore } from '#conclave/ml-service/index.js';
import { ServiceError } from '#conclave/runtime/index.js';

describe('exploration', () => {
  it('does the best action and says so when its rate is 0', () => {
    expect(explore('buy', { rate: 0, seed: 1 }, 5)).to.deep.equal({
      action: 'buy',
      propensities: { buy: 1, hold: 0, sell: 0 },
    });
  });

  it('takes each action as often as its logged propensity says', () => {
    const counts = { buy: 0, hold: 0, sell: 0 };
    const policy = { rate: 0.3, seed: 11 };
    const draws = 20_000;
    for (let seq = 1; seq <= draws; seq++) counts[explore('sell', policy, seq).action] += 1;
    const { propensities } = explore('sell', policy, 1);
    for (const action of ACTIONS) expect(counts[action] / draws).to.be.closeTo(propensities[action], 0.012);
    expect(propensities.buy + propensities.hold + propensities.sell).to.be.closeTo(1, 1e-12);
  });

  it('draws the same at the same place of the journal', () => {
    const policy = { rate: 1, seed: 3 };
    for (let seq = 1; seq < 50; seq++)
      expect(explore('buy', policy, seq)).to.deep.equal(explore('buy', policy, seq));
  });

  it('refuses a rate that is no probability', () => {
    for (const rate of [-0.1, 1.1, Number.NaN]) {
      expect(() => checkExploration({ rate, seed: 1 })).to.throw(ServiceError, /exploration\.rate/);
    }
  });
});

import { expect } from 'chai';
import { Decider, type DeciderConfig, type DeciderFeedback } from '#conclave/fastcalc/index.js';

import { failure, NO_COSTS, vote } from './decider-support.js';

const GOOD = vote('a@1', 'buy');
const REWARDS: DeciderFeedback = { rewardsBps: { buy: 1, hold: 0, sell: -1 } };

describe('arguments of the decider', () => {
  const decider = new Decider();
  const decide = (votes: unknown, costs: unknown) =>
    failure(() => decider.decide(votes as never, costs as never));
  const learn = (feedback: unknown) => failure(() => decider.learn([GOOD], NO_COSTS, feedback as never));

  afterEach(() => {
    expect(decider.outcomes, 'nothing refused may be learned').to.equal(0);
  });

  it('names the vote and the part of it that is malformed', () => {
    const p = GOOD.probabilities;
    const cases: [unknown, string][] = [
      ['votes', 'votes'],
      [[null], 'votes[0]'],
      [[GOOD, undefined], 'votes[1]'],
      [[{ slot: 'a@1' }], 'votes[0].probabilities'],
      [[{ slot: 7, probabilities: p }], 'votes[0].slot'],
      [[{ slot: '', probabilities: p }], 'votes[0].slot'],
      [[{ slot: 'x'.repeat(129), probabilities: p }], 'votes[0].slot'],
      [[{ slot: 'a\nb', probabilities: p }], 'votes[0].slot'],
      [[{ slot: 'a\u0000', probabilities: p }], 'votes[0].slot'],
      [[{ slot: 'a\ud800', probabilities: p }], 'votes[0].slot'],
      [[GOOD, GOOD], 'votes[1].slot'],
      [[{ slot: 'a@1', probabilities: { ...p, hold: '0.25' } }], 'votes[0].probabilities.hold'],
      [[{ slot: 'a@1', probabilities: { ...p, hold: Number.NaN } }], 'votes[0].probabilities.hold'],
      [[{ slot: 'a@1', probabilities: { ...p, sell: -0.25 } }], 'votes[0].probabilities.sell'],
      [[{ slot: 'a@1', probabilities: { ...p, buy: 0.6 } }], 'votes[0].probabilities'],
    ];
    for (const [votes, field] of cases)
      expect(decide(votes, NO_COSTS), field).to.deep.equal(['INVALID_ARGUMENT', field]);
  });

  it('refuses costs that are none', () => {
    for (const costs of [
      undefined,
      null,
      {},
      { roundTripBps: -1 },
      { roundTripBps: Number.NaN },
      { roundTripBps: '1' },
    ]) {
      expect(decide([GOOD], costs)).to.deep.equal(['INVALID_ARGUMENT', 'costs.roundTripBps']);
    }
  });

  it('refuses feedback that is none', () => {
    const cases: [unknown, string][] = [
      [null, 'feedback'],
      [{}, 'feedback.action'],
      [{ action: 'short', rewardBps: 1 }, 'feedback.action'],
      [{ action: 'buy', rewardBps: Number.NaN }, 'feedback.rewardBps'],
      [{ action: 'buy', rewardBps: 1e308 }, 'feedback.rewardBps'],
      [{ action: 'buy' }, 'feedback.rewardBps'],
      [{ rewardsBps: null }, 'feedback.rewardsBps.buy'],
      [{ rewardsBps: { buy: 0, hold: 0 } }, 'feedback.rewardsBps.sell'],
      [{ rewardsBps: { buy: 0, hold: Number.POSITIVE_INFINITY, sell: 0 } }, 'feedback.rewardsBps.hold'],
    ];
    for (const [feedback, field] of cases)
      expect(learn(feedback), field).to.deep.equal(['INVALID_ARGUMENT', field]);
  });

  it('learns nothing from a call in which any argument is wrong', () => {
    const before = decider.stateHash();
    failure(() => decider.learn([GOOD, GOOD], NO_COSTS, REWARDS));
    failure(() => decider.learn([GOOD], { roundTripBps: -1 }, REWARDS));
    expect(decider.stateHash()).to.equal(before);
  });

  it('names the label that is none, and learns nothing from it', () => {
    const before = decider.stateHash();
    const labels = [1, '', 'a\nb', 'a\u0007', 'x'.repeat(65), null];
    for (const label of labels) {
      for (const name of ['regime', 'anomaly'] as const) {
        const context = { [name]: label } as never;
        const wrong = ['INVALID_ARGUMENT', `context.${name}`];
        expect(failure(() => decider.decide([GOOD], NO_COSTS, context))).to.deep.equal(wrong);
        expect(failure(() => decider.learn([GOOD], NO_COSTS, REWARDS, context))).to.deep.equal(wrong);
      }
    }
    expect(failure(() => decider.decide([GOOD], NO_COSTS, null as never))[1]).to.equal('context');
    expect(decider.stateHash()).to.equal(before);
  });

  it('checks every setting, by name', () => {
    const bad: { [K in keyof DeciderConfig]-?: DeciderConfig[K] } = {
      discounts: [],
      realisedDiscount: 0,
      realisedPrior: 0.5,
      fastRidgeDiscount: 0.4,
      slowRidgeDiscount: 1.01,
      linearPrior: 0,
      shareRate: 0.6,
      memoryShareRate: -0.1,
      pluralityPrior: 1,
      priorAccuracy: 1 / 3,
      priorVotes: 0,
      rowShrinkage: -1,
      pluralityDiscount: 0.5,
      rewardDiscount: 1.1,
      rewardShrinkage: 0,
      priorMoveBps: Number.POSITIVE_INFINITY,
      priorSignal: Number.NaN,
      winsorSigmas: 0.5,
      probationOutcomes: 1e10,
    };
    for (const [name, value] of Object.entries(bad)) {
      expect(failure(() => new Decider({ [name]: value }))).to.deep.equal([
        'INVALID_ARGUMENT',
        `config.${name}`,
      ]);
    }
    expect(failure(() => new Decider({ discounts: [0.9, 0.4] }))[1]).to.equal('config.discounts[1]');
    expect(failure(() => new Decider({ shareRate: '0.1' as never }))[1]).to.equal('config.shareRate');
    expect(failure(() => new Decider({ learningRate: 1 } as never))[1]).to.equal('config.learningRate');
    expect(failure(() => new Decider(null as never))[1]).to.equal('config');
  });
});

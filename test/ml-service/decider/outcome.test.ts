import { expect } from 'chai';
import fc from 'fast-check';
import { feedbackOf, Trade } from '#conclave/ml-service/index.js';

const FREE = { feeBps: 0, spreadBps: 0, slippageBps: 0 };
const DEAR = { feeBps: 5, spreadBps: 4, slippageBps: 1 };

function trade(more: Partial<Trade>): Trade {
  return Object.assign(new Trade(), {
    decisionId: 'd',
    side: 'buy',
    quantity: 2,
    entryPrice: 100,
    exitPrice: 101,
    entryTimeMs: 1,
    exitTimeMs: 2,
    feesPaid: 0,
    ...more,
  });
}

describe('the reward of an outcome', () => {
  it('is the return of the fills less the fees, in basis points of the entry notional', () => {
    const { realisedBps } = feedbackOf(trade({ feesPaid: 0.2 }), FREE);
    expect(realisedBps).to.be.closeTo(100 - 10, 1e-9);
  });

  it('is the fall of the price for a sale', () => {
    expect(feedbackOf(trade({ side: 'sell', exitPrice: 99 }), FREE).realisedBps).to.be.closeTo(100, 1e-9);
  });

  it('gives every action what it would have earned when the order took liquidity', () => {
    const feedback = feedbackOf(trade({}), FREE);
    expect(feedback.feedbackKind).to.equal('full');
    expect(feedback.rewardsBps?.buy).to.be.closeTo(100, 1e-9);
    expect(feedback.rewardsBps?.hold).to.equal(0);
    expect(feedback.rewardsBps?.sell).to.be.closeTo(-100, 1e-9);
  });

  it('charges the other direction the spread, the slippage and the fees that this one paid', () => {
    // Mid 100 both times: the buyer crossed 3 bps each way and paid 10 bps in fees.
    const bought = trade({ entryPrice: 100.03, exitPrice: 99.97, quantity: 1, feesPaid: 0.10003 });
    const { rewardsBps, realisedBps } = feedbackOf(bought, DEAR);
    expect(realisedBps).to.be.closeTo(-16, 0.01);
    expect(rewardsBps?.buy).to.equal(realisedBps);
    expect(rewardsBps?.sell).to.be.closeTo(-16, 0.01);
  });

  it('reckons a hold from the market prices and the costs of the question', () => {
    const held = trade({ side: 'none', quantity: 0, exitPrice: 100.5 });
    const { rewardsBps, realisedBps, feedbackKind } = feedbackOf(held, DEAR);
    expect(feedbackKind).to.equal('full');
    expect(realisedBps).to.equal(0);
    expect(rewardsBps?.buy).to.be.closeTo(50 - 16, 1e-9);
    expect(rewardsBps?.sell).to.be.closeTo(-50 - 16, 1e-9);
  });

  it('is known for the taken action alone when the order made liquidity', () => {
    const feedback = feedbackOf(trade({ liquidity: 'maker' }), FREE);
    expect(feedback.feedbackKind).to.equal('bandit');
    expect(feedback.rewardsBps).to.equal(undefined);
    expect(feedback.takenAction).to.equal('buy');
  });

  it('never favours both directions at once', () => {
    const price = fc.double({ min: 1, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(
        price,
        fc.double({ min: -0.5, max: 0.5, noNaN: true }),
        fc.constantFrom('buy', 'sell', 'none'),
        (entryPrice, move, side) => {
          const quantity = side === 'none' ? 0 : 1;
          const { rewardsBps } = feedbackOf(
            trade({ side, quantity, entryPrice, exitPrice: entryPrice * (1 + move) }),
            DEAR,
          );
          expect(rewardsBps?.hold).to.equal(0);
          expect(Math.min(rewardsBps?.buy ?? 0, rewardsBps?.sell ?? 0)).to.be.at.most(0);
        },
      ),
    );
  });
});

import { expect } from 'chai';
import fc from 'fast-check';
import { feedbackOf, type Trade } from '#conclave/ml-service/index.js';
import { ServiceError } from '#conclave/runtime/index.js';
import { CandleFeed, PaperVenue } from '#conclave/strategies/index.js';

const COSTS = { feeBps: 2, spreadBps: 4, slippageBps: 1 };

function feedOf(opens: readonly number[]): CandleFeed {
  const open = Float64Array.from(opens);
  const timeMs = Float64Array.from(opens, (_, bar) => bar * 60_000);
  return new CandleFeed({
    symbol: 'X',
    timeframe: '1m',
    timeMs,
    open,
    high: open,
    low: open,
    close: open,
    volume: open,
  });
}

const intent = (action: 'buy' | 'hold' | 'sell', size = 1) => ({ decisionId: 'd', action, size });

describe('the paper venue', () => {
  it('enters at the open after the decision and leaves at the open of the horizon', () => {
    const venue = new PaperVenue(
      feedOf([100, 101, 102, 103, 104]),
      { feeBps: 0, spreadBps: 0, slippageBps: 0 },
      1_000,
    );
    const position = venue.enter(intent('buy'), 0, 2);
    expect(position).to.include({ entryBar: 1, exitBar: 3 });
    if (!position) return;
    const trade = venue.exit(position);
    expect(trade).to.include({
      side: 'buy',
      entryPrice: 101,
      exitPrice: 103,
      entryTimeMs: 60_000,
      exitTimeMs: 180_000,
    });
    expect(trade.quantity).to.be.closeTo(1_000 / 101, 1e-12);
  });

  it('makes no trade that the feed is too short to close', () => {
    const venue = new PaperVenue(feedOf([100, 101, 102]), COSTS, 1_000);
    expect(venue.enter(intent('buy'), 1, 1)).to.equal(undefined);
    expect(venue.enter(intent('buy'), 0, 1)).to.include({ exitBar: 2 });
  });

  it('reports a hold at the market prices, with nothing traded', () => {
    const venue = new PaperVenue(feedOf([100, 101, 102]), COSTS, 1_000);
    const position = venue.enter(intent('hold', 0), 0, 1);
    if (!position) throw new Error('no position');
    expect(venue.exit(position)).to.include({
      side: 'none',
      quantity: 0,
      entryPrice: 101,
      exitPrice: 102,
      feesPaid: 0,
    });
  });

  it('pays costs that the feedback takes apart again: the other direction earns the mirror image', () => {
    const price = fc.double({ min: 1, max: 1e5, noNaN: true });
    fc.assert(
      fc.property(price, fc.double({ min: -0.05, max: 0.05, noNaN: true }), (entry, move) => {
        const feed = feedOf([entry, entry, entry * (1 + move)]);
        const rewards = (['buy', 'sell'] as const).map((action) => {
          const venue = new PaperVenue(feed, COSTS, 1_000);
          const position = venue.enter(intent(action), 0, 1);
          if (!position) throw new Error('no position');
          return feedbackOf(venue.exit(position) as Trade, COSTS).rewardsBps;
        });
        const [bought, sold] = rewards;
        for (const action of ['buy', 'sell'] as const) {
          // Fees are taken on slightly different notionals: a small fraction of a basis point.
          expect(bought?.[action]).to.be.closeTo(sold?.[action] ?? Number.NaN, 0.5);
        }
        expect((bought?.buy ?? 0) + (bought?.sell ?? 0)).to.be.closeTo(-20, 1.5);
      }),
    );
  });

  it('refuses a notional that is none', () => {
    for (const notional of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => new PaperVenue(feedOf([1, 2]), COSTS, notional)).to.throw(ServiceError, /notional/);
    }
  });
});

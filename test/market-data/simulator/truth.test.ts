import { expect } from 'chai';
import { DEFAULT_REGIMES, MarketSimulator, type SimulatedBar } from '#conclave/market-data/index.js';
import { correlation, deviation, mean } from './statistics.js';

const BARS = 40_000;
const BPS = 1e-4;

/** Log return of each bar from the close before, basis points; the first is left out. */
function returnsBps(bars: readonly SimulatedBar[]): number[] {
  return bars
    .slice(1)
    .map(({ candle }, i) => Math.log(candle.close / (bars[i]?.candle.close ?? Number.NaN)) / BPS);
}

function flowImbalance({ trades }: SimulatedBar): number {
  let signed = 0;
  let total = 0;
  for (const [i, size] of trades.size.entries()) {
    signed += size * (trades.side[i] ?? 0);
    total += size;
  }
  return signed / total;
}

function bookImbalance({ book }: SimulatedBar): number {
  const bid = book.bidSize.reduce((a, b) => a + b);
  const ask = book.askSize.reduce((a, b) => a + b);
  return (bid - ask) / (bid + ask);
}

/** The return of the following bar in its regime's deviations, the drift taken off. */
function nextDeviations(bars: readonly SimulatedBar[]): number[] {
  return returnsBps(bars).map((value, i) => {
    const truth = bars[i + 1]?.truth;
    return (value - (truth?.driftBps ?? 0)) / (truth?.volatilityBps ?? Number.NaN);
  });
}

describe('the truth of a simulated market', function () {
  this.timeout(60_000);
  let bars: readonly SimulatedBar[] = [];

  before(() => {
    const options = { seed: 11, anomalyRate: 0, flowPredictive: 0.2, bookPredictive: 0.15, tradesPerBar: 40 };
    bars = new MarketSimulator(options).run(BARS).bars;
  });

  for (const regime of DEFAULT_REGIMES)
    it(`is the volatility and the drift that ${regime.name} bars have`, () => {
      const own = returnsBps(bars).filter((_, i) => bars[i + 1]?.truth.regime === regime.name);
      expect(own.length).to.be.greaterThan(100);
      // Three standard errors, and a little for the trades' bounce between bid and ask.
      const error = 3 / Math.sqrt(2 * own.length);
      expect(deviation(own) / regime.volatilityBps).to.be.within(1 - error, 1 + error + 0.02);
      expect(mean(own)).to.be.closeTo(regime.driftBps, (3 * regime.volatilityBps) / Math.sqrt(own.length));
    });

  it('is how long regimes last', () => {
    for (const { name, meanBars } of DEFAULT_REGIMES) {
      const own = bars.filter(({ truth }) => truth.regime === name).length;
      const visits = bars.filter(
        ({ truth }, i) => truth.regime === name && bars[i - 1]?.truth.regime !== name,
      ).length;
      expect(own / visits, name).to.be.within(meanBars * 0.6, meanBars * 1.5);
    }
  });

  it('is that flow foretells the next bar, somewhat less than the parameter says', () => {
    const measured = correlation(bars.slice(0, -1).map(flowImbalance), nextDeviations(bars));
    expect(measured).to.be.within(0.12, 0.21);
  });

  it('is that flow explains its own bar much better than the next', () => {
    const own = correlation(bars.slice(1).map(flowImbalance), nextDeviations(bars));
    expect(own ** 2).to.be.within(0.25, 0.55);
  });

  it('is that the book foretells the next bar', () => {
    const measured = correlation(bars.slice(0, -1).map(bookImbalance), nextDeviations(bars));
    expect(measured).to.be.within(0.12, 0.18);
  });

  it('is an expected return that no forecast from flow and book beats', () => {
    const returns = returnsBps(bars);
    const best = correlation(
      bars.slice(0, -1).map(({ truth }) => truth.nextExpectedBps),
      returns,
    );
    const flow = correlation(bars.slice(0, -1).map(flowImbalance), returns);
    const book = correlation(bars.slice(0, -1).map(bookImbalance), returns);
    expect(best).to.be.greaterThan(Math.hypot(flow, book));
    const errors = returns.map((value, i) => value - (bars[i]?.truth.nextExpectedBps ?? 0));
    expect(mean(errors)).to.be.closeTo(0, (3 * deviation(errors)) / Math.sqrt(BARS));
  });

  it('says nothing about the future when the parameters are 0', () => {
    const options = { seed: 12, anomalyRate: 0, flowPredictive: 0, bookPredictive: 0, tradesPerBar: 40 };
    const blind = new MarketSimulator(options).run(BARS).bars;
    const noise = 4 / Math.sqrt(BARS);
    expect(correlation(blind.slice(0, -1).map(flowImbalance), nextDeviations(blind))).to.be.closeTo(
      0,
      noise + 0.01,
    );
    expect(correlation(blind.slice(0, -1).map(bookImbalance), nextDeviations(blind))).to.be.closeTo(0, noise);
  });

  it('can mislead: a negative parameter turns the sign', () => {
    const contrary = new MarketSimulator({ seed: 13, anomalyRate: 0, flowPredictive: -0.3 }).run(8000).bars;
    expect(correlation(contrary.slice(0, -1).map(flowImbalance), nextDeviations(contrary))).to.be.lessThan(
      -0.15,
    );
  });
});

import { expect } from 'chai';
import fc from 'fast-check';
import {
  candleAt,
  MarketSimulator,
  type MarketSimulatorOptions,
  type SimulatedBar,
} from '#conclave/market-data/index.js';

function expectConsistent(bar: SimulatedBar, barMs: number): void {
  const { candle, trades, book } = bar;
  expect(candle.low).to.be.greaterThan(0);
  expect(candle.high).to.be.finite;
  expect(candle.low).to.be.at.most(Math.min(candle.open, candle.close));
  expect(candle.high).to.be.at.least(Math.max(candle.open, candle.close));
  if (trades.price.length > 0) {
    expect(candle.open).to.equal(trades.price[0]);
    expect(candle.close).to.equal(trades.price.at(-1));
    expect(candle.high).to.equal(trades.price.reduce((a, b) => Math.max(a, b)));
    expect(candle.low).to.equal(trades.price.reduce((a, b) => Math.min(a, b)));
    expect(candle.volume).to.equal(trades.size.reduce((a, b) => a + b));
  }
  let before = candle.timeMs;
  for (const [i, time] of trades.timeMs.entries()) {
    expect(time).to.be.within(before, candle.timeMs + barMs - 1);
    before = time;
    expect(trades.size[i]).to.be.greaterThan(0);
    expect(Math.abs(trades.side[i] ?? 0)).to.equal(1);
  }
  expect(book.bidPrice[0]).to.be.lessThan(book.askPrice[0] ?? 0);
  for (let level = 0; level < book.bidPrice.length; level++) {
    for (const column of [book.bidPrice, book.bidSize, book.askPrice, book.askSize]) {
      expect(column[level]).to.be.greaterThan(0);
      expect(column[level]).to.be.finite;
    }
    if (level === 0) continue;
    expect(book.bidPrice[level]).to.be.lessThan(book.bidPrice[level - 1] ?? 0);
    expect(book.askPrice[level]).to.be.greaterThan(book.askPrice[level - 1] ?? Number.POSITIVE_INFINITY);
  }
}

/** What the options promise to take: at most 0.9 of a return's variance foreseeable. */
function isMarket(chosen: {
  readonly flowPredictive: number;
  readonly flowContemporaneous: number;
  readonly bookPredictive: number;
}): boolean {
  return chosen.flowPredictive ** 2 / (1 - chosen.flowContemporaneous) + chosen.bookPredictive ** 2 < 0.9;
}

const anyOptions = fc.record({
  seed: fc.maxSafeInteger(),
  barMs: fc.integer({ min: 1, max: 86_400_000 }),
  startPrice: fc.double({ min: 1e-6, max: 1e9, noNaN: true }),
  anomalyRate: fc.double({ min: 0, max: 1, noNaN: true }),
  flowPredictive: fc.double({ min: -0.6, max: 0.6, noNaN: true }),
  bookPredictive: fc.double({ min: -0.6, max: 0.6, noNaN: true }),
  flowContemporaneous: fc.double({ min: 0, max: 0.4, noNaN: true }),
  spreadBps: fc.double({ min: 1e-3, max: 1000, noNaN: true }),
  tradesPerBar: fc.integer({ min: 1, max: 40 }),
  levels: fc.integer({ min: 1, max: 50 }),
});
const options: fc.Arbitrary<MarketSimulatorOptions> = anyOptions.filter(isMarket);

describe('MarketSimulator', () => {
  it('makes bars whose candle, trades and book fit together, whatever the options', () => {
    fc.assert(
      fc.property(options, (chosen) => {
        const simulator = new MarketSimulator(chosen);
        for (let i = 0; i < 20; i++) expectConsistent(simulator.next(), simulator.settings.barMs);
      }),
      { numRuns: 60 },
    );
  });

  it('gives the same bytes for the same seed, and others for another', () => {
    const run = (seed: number) => new MarketSimulator({ seed, anomalyRate: 0.05 }).run(300);
    expect(run(7)).to.deep.equal(run(7));
    expect(run(7).candles.close).to.not.deep.equal(run(8).candles.close);
  });

  it('gives the same bars one by one as in runs', () => {
    const one = new MarketSimulator({ seed: 3 });
    const runs = new MarketSimulator({ seed: 3 });
    const bars = [...runs.run(10).bars, ...runs.run(15).bars];
    for (const bar of bars) expect(one.next()).to.deep.equal(bar);
  });

  it('starts where it is told and goes on bar by bar', () => {
    const startMs = Date.UTC(2025, 5, 1);
    const simulator = new MarketSimulator({ seed: 1, symbol: 'X/Y', startMs, barMs: 60_000, startPrice: 5 });
    const { candles, bars } = simulator.run(5);
    expect([candles.symbol, candles.timeframe]).to.deep.equal(['X/Y', '1m']);
    expect([...candles.timeMs]).to.deep.equal([0, 1, 2, 3, 4].map((i) => startMs + i * 60_000));
    expect(candles.open[0]).to.be.within(4.9, 5.1);
    for (const [i, bar] of bars.entries()) {
      expect(candleAt(candles, i)).to.deep.equal(bar.candle);
      expect(bar.book.timeMs).to.equal(startMs + (i + 1) * 60_000);
      expect(bar.book.bidPrice).to.have.length(20);
    }
  });

  it('keeps prices positive and finite for ever, in a fall without end and a rise without end', () => {
    for (const driftBps of [-5000, 5000]) {
      const regimes = [{ name: 'only', driftBps, volatilityBps: 5000, meanBars: 1 }];
      const simulator = new MarketSimulator({
        seed: 2,
        regimes,
        anomalyRate: 0.3,
        tradesPerBar: 3,
        levels: 4,
      });
      for (let i = 0; i < 2000; i++) expectConsistent(simulator.next(), simulator.settings.barMs);
    }
  });

  it('refuses a run of no bars', () => {
    for (const bars of [0, -1, 1.5, Number.NaN])
      expect(() => new MarketSimulator({ seed: 1 }).run(bars)).to.throw('bars: ');
  });
});

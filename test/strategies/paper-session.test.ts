import { expect } from 'chai';
import { ManualClock } from '#conclave/runtime/index.js';
import {
  CandleFeed,
  PaperSession,
  type Strategy,
  standardErrorOfSum,
  sum,
} from '#conclave/strategies/index.js';
import { candlesOf } from '../support/market.js';

const FREE = { feeBps: 0, spreadBps: 0, slippageBps: 0 };
const BARS = 40;
const WINDOW = 10;

type Report = Parameters<ConstructorParameters<typeof PaperSession>[0]['committee']['reportTrade']>[0];

/** A strategy that buys at every close and remembers what it was shown. */
function buyer(seen: { bar: number; lastTimeMs: number; rows: number }[], horizonBars = 1): Strategy {
  return {
    name: 'buyer',
    horizonBars,
    windowBars: WINDOW,
    onBarClose: ({ candles }) => {
      const { timeMs } = candles;
      seen.push({ bar: seen.length, lastTimeMs: timeMs[timeMs.length - 1] as number, rows: timeMs.length });
      const decisionId = `d${seen.length}`;
      const decision = { decisionId, action: 'buy', tally: { plurality: 'hold' } };
      return Promise.resolve({ intent: { decisionId, action: 'buy', size: 1 }, decision: decision as never });
    },
  };
}

async function run(horizonBars = 1) {
  const candles = candlesOf({ bars: BARS });
  const feed = new CandleFeed({ symbol: 'X', timeframe: '1m', ...candles });
  const seen: { bar: number; lastTimeMs: number; rows: number }[] = [];
  const reported: { trade: Report; afterDecisions: number }[] = [];
  const result = await new PaperSession({
    feed,
    strategy: buyer(seen, horizonBars),
    committee: {
      reportTrade: (trade) => {
        reported.push({ trade, afterDecisions: seen.length });
        const realisedBps = (trade.exitPrice / trade.entryPrice - 1) * 1e4;
        return Promise.resolve({
          realisedBps,
          rewardsBps: { buy: realisedBps, hold: 0, sell: -realisedBps },
        } as never);
      },
    },
    costs: FREE,
    clock: new ManualClock(),
  }).run();
  return { result, seen, reported, candles };
}

describe('a paper session', () => {
  it('shows a full window at every decision and never a candle that has not closed', async () => {
    const { seen, candles } = await run();
    expect(seen[0]).to.include({ rows: WINDOW, lastTimeMs: candles.timeMs[WINDOW - 1] });
    for (const { rows } of seen) expect(rows).to.equal(WINDOW);
  });

  it('reports every outcome once, in order, and only when its exit has been seen', async () => {
    for (const horizonBars of [1, 3]) {
      const { reported, seen } = await run(horizonBars);
      expect(reported.map(({ trade }) => trade.decisionId)).to.deep.equal(seen.map((_, i) => `d${i + 1}`));
      for (const { trade, afterDecisions } of reported) {
        const index = Number(trade.decisionId.slice(1));
        // Made at bar i, in at i + 1, out at i + 1 + horizon: that bar opens after as many further decisions.
        expect(afterDecisions).to.be.at.least(Math.min(seen.length, index + horizonBars));
      }
    }
  });

  it('adds up what was earned, against the plurality and against buying once', async () => {
    const { result, reported, candles } = await run();
    const earned = reported.map(({ trade }) => (trade.exitPrice / trade.entryPrice - 1) * 1e4);
    expect(result.learner.netBps).to.be.closeTo(sum(earned), 1e-9);
    expect(result.learner.standardErrorBps).to.be.closeTo(standardErrorOfSum(earned), 1e-9);
    expect(result.plurality.netBps).to.equal(0);
    const first = candles.open[WINDOW] as number;
    const last = candles.open[BARS - 1] as number;
    expect(result.buyAndHold.netBps).to.be.closeTo((last / first - 1) * 1e4, 1e-9);
    expect(result.decisions).to.deep.equal({ buy: reported.length, hold: 0, sell: 0 });
  });

  it('makes no decision on a feed that is too short to settle one', async () => {
    const feed = new CandleFeed({ symbol: 'X', timeframe: '1m', ...candlesOf({ bars: 2 }) });
    const result = await new PaperSession({
      feed,
      strategy: buyer([]),
      committee: { reportTrade: () => Promise.reject(new Error('nothing to report')) },
      costs: FREE,
      clock: new ManualClock(),
    }).run();
    expect(result.decisions).to.deep.equal({ buy: 0, hold: 0, sell: 0 });
    expect(result.learner).to.deep.equal({ netBps: 0, standardErrorBps: 0 });
  });
});

describe('the statistics of a session', () => {
  it('sum without losing small numbers among large ones', () => {
    expect(sum([1e16, 1, -1e16])).to.equal(1);
    expect(sum([])).to.equal(0);
  });

  it('take the standard error of a sum from the sample', () => {
    expect(standardErrorOfSum([1])).to.equal(0);
    expect(standardErrorOfSum([1, -1, 1, -1])).to.be.closeTo(Math.sqrt((4 / 3) * 4), 1e-12);
  });
});

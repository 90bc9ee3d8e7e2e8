import { expect } from 'chai';
import {
  ANOMALY_KINDS,
  type AnomalyKind,
  MarketSimulator,
  type SimulatedBar,
} from '#conclave/market-data/index.js';
import { mean } from './statistics.js';

const CALM = [{ name: 'calm', driftBps: 0, volatilityBps: 20, meanBars: 1000 }];
const BPS = 1e-4;

/** Bars with the anomaly, each with the bar before it. */
function planted(kind: AnomalyKind): [SimulatedBar, SimulatedBar][] {
  const { bars } = new MarketSimulator({
    seed: 5,
    regimes: CALM,
    anomalyRate: 0.05,
    anomalyKinds: [kind],
  }).run(2000);
  return bars.flatMap((bar, i) => {
    const before = bars[i - 1];
    return bar.truth.anomaly && before && !before.truth.anomaly ? [[before, bar]] : [];
  });
}

const spreadBps = ({ book }: SimulatedBar): number =>
  Math.log((book.askPrice[0] ?? Number.NaN) / (book.bidPrice[0] ?? Number.NaN)) / BPS;

describe('anomalies of a simulated market', () => {
  it('do not occur at rate 0', () => {
    const { bars } = new MarketSimulator({ seed: 1, anomalyRate: 0 }).run(3000);
    expect(bars.some(({ truth }) => 'anomaly' in truth)).to.equal(false);
  });

  it('occur at every bar but the first at rate 1', () => {
    const { bars } = new MarketSimulator({ seed: 1, anomalyRate: 1 }).run(50);
    expect(bars.map(({ truth }) => truth.anomaly !== undefined)).to.deep.equal([
      false,
      ...new Array(49).fill(true),
    ]);
  });

  it('occur as often as asked, in equal shares, of every severity', () => {
    const { bars } = new MarketSimulator({ seed: 2, anomalyRate: 0.1, tradesPerBar: 5 }).run(20_000);
    const all = bars.flatMap(({ truth }) => truth.anomaly ?? []);
    expect(all.length / bars.length).to.be.closeTo(0.1, 0.01);
    for (const kind of ANOMALY_KINDS)
      expect(all.filter((anomaly) => anomaly.kind === kind).length / all.length, kind).to.be.closeTo(
        0.2,
        0.04,
      );
    expect(mean(all.map(({ severity }) => severity))).to.be.closeTo(0.5, 0.05);
  });

  it('leave the returns of the other bars as they are', () => {
    const run = (anomalyRate: number) =>
      new MarketSimulator({ seed: 4, anomalyRate, anomalyKinds: ['volume_burst', 'spread_blowout'] }).run(400)
        .bars;
    const [plain, odd] = [run(0), run(0.1)];
    for (const [i, bar] of odd.entries())
      if (!bar.truth.anomaly) expect(bar.candle.close).to.be.closeTo(plain[i]?.candle.close ?? 0, 1e-9);
  });

  it('flash_crash: the price dives by many deviations and is bought back', () => {
    for (const [before, bar] of planted('flash_crash')) {
      const { open, low, close } = bar.candle;
      expect(Math.log(open / low)).to.be.greaterThan(6 * 20 * BPS);
      expect(Math.abs(Math.log(close / before.candle.close))).to.be.lessThan(5 * 20 * BPS);
    }
  });

  it('volume_burst: volume is many times that of the bar before', () => {
    const bars = planted('volume_burst');
    expect(mean(bars.map(([before, bar]) => bar.candle.volume / before.candle.volume))).to.be.greaterThan(8);
    for (const [, bar] of bars) expect(mean([...bar.trades.size])).to.be.greaterThan(4);
  });

  it('spread_blowout: the spread is many times as wide and the book thin', () => {
    for (const [before, bar] of planted('spread_blowout')) {
      expect(spreadBps(bar) / spreadBps(before)).to.be.greaterThan(7);
      expect(mean([...bar.book.askSize])).to.be.lessThan(mean([...before.book.askSize]) * 2);
    }
  });

  it('gap: the open lies many deviations from the close before, up as often as down', () => {
    const jumps = planted('gap').map(
      ([before, bar]) => Math.log(bar.candle.open / before.candle.close) / BPS / 20,
    );
    for (const jump of jumps) expect(Math.abs(jump)).to.be.greaterThan(4);
    expect(jumps.filter((jump) => jump > 0).length / jumps.length).to.be.closeTo(0.5, 0.2);
  });

  it('stale_feed: nothing moves and nothing trades, while the market goes on unseen', () => {
    const bars = planted('stale_feed');
    for (const [before, bar] of bars) {
      const { open, high, low, close, volume } = bar.candle;
      expect([open, high, low, close, volume]).to.deep.equal([...new Array(4).fill(before.candle.close), 0]);
      expect(bar.trades.timeMs).to.have.length(0);
      expect(bar.book).to.deep.equal(before.book);
    }
    expect(bars.length).to.be.greaterThan(50);
  });
});

import { expect } from 'chai';
import {
  type Candle,
  candleAt,
  candleCount,
  isTimeframe,
  seriesOf,
  timeframeMs,
  timeframeOf,
  windowOf,
} from '#conclave/market-data/index.js';
import { ServiceError } from '#conclave/runtime/index.js';

const candles: Candle[] = Array.from({ length: 5 }, (_, i) => ({
  timeMs: i * 1000,
  open: i + 2,
  high: i + 4,
  low: i + 1,
  close: i + 3,
  volume: i,
}));

describe('a candle series', () => {
  const series = seriesOf('A', '1s', candles);

  it('holds candles as columns', () => {
    expect(candleCount(series)).to.equal(5);
    for (const [i, candle] of candles.entries()) expect(candleAt(series, i)).to.deep.equal(candle);
  });

  it('gives windows that share its memory', () => {
    const window = windowOf(series, 1, 3);
    expect(candleCount(window)).to.equal(2);
    expect(candleAt(window, 0)).to.deep.equal(candles[1]);
    expect(window.close.buffer).to.equal(series.close.buffer);
    expect(candleCount(windowOf(series, 5, 5))).to.equal(0);
  });

  it('names the index that lies outside', () => {
    for (const index of [-1, 5, 1.5, Number.NaN])
      expect(() => candleAt(series, index)).to.throw(ServiceError, 'index: ');
    expect(() => windowOf(series, 6, 6)).to.throw('from: 6; must be an integer from 0 to 5');
    expect(() => windowOf(series, 3, 2)).to.throw('to: 2; must be an integer from 3 to 5');
  });
});

describe('a timeframe', () => {
  it('is milliseconds and back', () => {
    for (const text of ['250ms', '1s', '5m', '4h', '1d', '2w', '1M'])
      expect(timeframeOf(timeframeMs(text)), text).to.equal(text);
    expect(timeframeMs('5m')).to.equal(300_000);
    expect(timeframeOf(7 * 86_400_000)).to.equal('1w');
    expect(timeframeOf(31 * 86_400_000)).to.equal('1M');
    expect(timeframeOf(90_000)).to.equal('90s');
  });

  it('is nothing else', () => {
    for (const text of ['', '5', 'm', '0m', '-1m', '1.5h', '5 m', '5min', '1y', '01m']) {
      expect(isTimeframe(text), text).to.equal(false);
      expect(() => timeframeMs(text)).to.throw(ServiceError, 'timeframe: ');
    }
    expect(() => timeframeOf(0)).to.throw(ServiceError, 'spacingMs: 0');
  });
});

import { expect } from 'chai';
import { candleAt, candleCount, defaultCandles } from '#conclave/market-data/index.js';

describe('defaultCandles', () => {
  it('are the S&P 500 by day, from the package of data sets', async () => {
    const series = await defaultCandles();
    expect([series.symbol, series.timeframe, candleCount(series)]).to.deep.equal(['SPX', '1d', 5105]);
    expect(candleAt(series, 0)).to.deep.equal({
      timeMs: Date.UTC(2000, 0, 3),
      open: 1469.25,
      high: 1478,
      low: 1438.359985,
      close: 1455.219971,
      volume: 931_800_000,
    });
    expect(new Date(candleAt(series, 5104).timeMs).getUTCFullYear()).to.equal(2020);
  });
});

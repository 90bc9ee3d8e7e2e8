import { expect } from 'chai';
import { asOfMs, barMs } from '#conclave/ml-service/index.js';
import { MINUTE_MS, questionOf, START_MS } from '../../support/market.js';

describe('the time of a question', () => {
  it('is the close of the last candle', () => {
    expect(asOfMs(questionOf({ bars: 10 }))).to.equal(START_MS + 10 * MINUTE_MS);
  });

  it('takes the spacing of the candles where the timeframe is not understood', () => {
    expect(barMs(questionOf({ bars: 10 }, { timeframe: 'bar' }))).to.equal(MINUTE_MS);
    expect(barMs(questionOf({ bars: 1 }, { timeframe: 'bar' }))).to.equal(0);
  });

  it('is the time of the newest trade where that is later', () => {
    const trades = {
      timeMs: Float64Array.of(START_MS + 11 * MINUTE_MS),
      price: Float64Array.of(1),
      size: Float64Array.of(1),
      side: Float64Array.of(1),
    };
    expect(asOfMs(questionOf({ bars: 10 }, { trades }))).to.equal(START_MS + 11 * MINUTE_MS);
  });
});

import { expect } from 'chai';
import { guessSymbol, guessTimeframe, medianSpacingMs } from '#conclave/market-data/candle-file/guess.js';

const every = (spacingMs: number, count = 10): Float64Array =>
  Float64Array.from({ length: count }, (_, i) => i * spacingMs);

describe('guesses from a candle file', () => {
  it('find the symbol in its name', () => {
    const names: Record<string, string> = {
      '/data/binance-spot-BTC_USDT-5m.csv.gz': 'BTC/USDT',
      'binance-usdm-ETH_USDT-5m.csv': 'ETH/USDT',
      'SPY.csv': 'SPY',
      'BINANCE-BTCUSDT-1m.CSV': 'BTCUSDT',
      'BRK.B-1d.csv.gz': 'BRK.B',
      'prices.csv': 'PRICES',
      '2020-01-03.csv': 'UNKNOWN',
      'été.csv': 'T',
    };
    for (const [name, symbol] of Object.entries(names)) expect(guessSymbol(name), name).to.equal(symbol);
  });

  it('find the timeframe in the spacing of the candles', () => {
    expect(guessTimeframe('x.csv', every(300_000))).to.equal('5m');
    const weekdays = Float64Array.from([0, 1, 2, 3, 4, 7, 8, 9], (day) => day * 86_400_000);
    expect(guessTimeframe('x.csv', weekdays)).to.equal('1d');
    const months = Float64Array.from([0, 1, 2, 3, 4, 5], (month) => Date.UTC(2001, month, 1));
    expect(guessTimeframe('x.csv', months)).to.equal('1M');
  });

  it('believe the name unless the times contradict it', () => {
    expect(guessTimeframe('BTC-1m.csv', every(60_000))).to.equal('1m');
    expect(guessTimeframe('BTC_1m.csv', every(180_000))).to.equal('1m');
    expect(guessTimeframe('BTC-1h.csv', every(60_000))).to.equal('1m');
    expect(guessTimeframe('BTC-1h.csv', every(60_000, 1))).to.equal('1h');
    expect(guessTimeframe('BTC.csv', every(60_000, 1))).to.equal(undefined);
  });

  it('take the middle of the spacings, so that holes do not matter', () => {
    expect(medianSpacingMs(Float64Array.of(0, 10, 20, 1000, 1010))).to.equal(10);
    expect(medianSpacingMs(Float64Array.of(5))).to.equal(undefined);
  });
});

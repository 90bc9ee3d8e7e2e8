import { expect } from 'chai';
import { type CandleSeries, readCandleFile } from '#conclave/market-data/index.js';
import { sharedData } from '../../support/shared-data.js';

const BAR_MS = 300_000;
const PAIRS = ['ADA', 'BNB', 'BTC', 'DOGE', 'ETH', 'SOL', 'XRP'];

function expectWhole(series: CandleSeries): void {
  expect(series.timeframe).to.equal('5m');
  expect(series.timeMs).to.have.length(70_272);
  const gap = series.timeMs.findIndex((time, i) => i > 0 && time - (series.timeMs[i - 1] ?? 0) !== BAR_MS);
  expect(gap).to.equal(-1);
}

describe('candles of an exchange, where the shared data is', function () {
  this.timeout(60_000);

  for (const coin of PAIRS)
    it(`${coin}/USDT is read whole and without a gap (skipped without candles/ in the shared data)`, async function () {
      const path = sharedData(`candles/binance-spot-${coin}_USDT-5m.csv.gz`);
      if (path === undefined) this.skip();
      const series = await readCandleFile(path);
      expect(series.symbol).to.equal(`${coin}/USDT`);
      expectWhole(series);
    });

  it('funding rates are refused as candles (skipped without candles/ in the shared data)', async function () {
    const path = sharedData('candles/binance-usdm-BTC_USDT-funding.csv.gz');
    if (path === undefined) this.skip();
    const fault = await readCandleFile(path).catch((thrown: unknown) => thrown);
    expect(fault).to.have.property('message').that.contains('funding.csv.gz:2: low: 0');
  });

  it('the first candle of BTC/USDT is the one of the file (skipped without candles/ in the shared data)', async function () {
    const path = sharedData('candles/binance-spot-BTC_USDT-5m.csv.gz');
    if (path === undefined) this.skip();
    const series = await readCandleFile(path, { limitRows: 1 });
    const { timeMs, open, high, low, close, volume } = series;
    expect([timeMs, open, high, low, close, volume].map(([value]) => value)).to.deep.equal([
      1_735_603_200_000, 92_792.05, 92_848.01, 92_706.02, 92_782.39, 51.41651,
    ]);
  });
});

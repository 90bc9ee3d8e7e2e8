import {
  atr,
  directionalMovement,
  linearRegressionSlope,
  rollingZScore,
  rsi,
} from '#conclave/fastcalc/index.js';
import { sharedData } from '../support/shared-data.js';
import { expectClose, GoldenTable } from './golden-table.js';

/** Rows after which Wilder's smoothing of 14 has forgotten how it was seeded: (13/14)^200 < 1e-6. */
const SEED_FORGOTTEN = 200;

/** A test on one golden file; skipped where this machine has none. */
function onGolden(title: string, file: string, check: (table: GoldenTable) => void): void {
  it(`${title} (needs ${file})`, function () {
    const path = sharedData(`goldens/lean/${file}`);
    if (path === undefined) return this.skip();
    check(new GoldenTable(path));
  });
}

describe('indicators against the SPY files of LEAN', () => {
  onGolden('the true range is exact', 'spy_tr.txt.gz', (t) => {
    expectClose(atr(t.column('High'), t.column('Low'), t.column('Close'), 1), t.column('TR'), 1e-12);
  });

  onGolden('the average true range in percent of the close is exact', 'spy_natr.txt.gz', (t) => {
    const close = t.column('Close');
    const range = atr(t.column('High'), t.column('Low'), close, 5);
    const percent = range.map((value, row) => (100 * value) / (close[row] ?? Number.NaN));
    expectClose(percent, t.column('NATR_5'), 1e-12);
  });

  onGolden('Wilder average true range agrees once the seed is forgotten', 'spy_atr_wilder.txt.gz', (t) => {
    const range = atr(t.column('High'), t.column('Low'), t.column('Close'), 14);
    expectClose(range, t.column('Average True Range 14'), 1e-5, SEED_FORGOTTEN);
  });

  onGolden('Wilder RSI agrees from its first value on', 'spy_with_indicators.txt.gz', (t) => {
    expectClose(rsi(t.column('Close'), 14), t.column('RSI 14 Wilder'), 1e-6);
  });

  onGolden('directional movement agrees once the seed is forgotten', 'spy_with_adx.txt.gz', (t) => {
    const lines = directionalMovement(t.column('High'), t.column('Low'), t.column('Close'), 14);
    expectClose(lines.adx, t.column('ADX 14'), 1e-4, SEED_FORGOTTEN);
    expectClose(lines.plusDi, t.column('+DI14'), 1e-4, SEED_FORGOTTEN);
    expectClose(lines.minusDi, t.column('-DI14'), 1e-4, SEED_FORGOTTEN);
  });

  onGolden('the z-score is the place between the Bollinger bands', 'spy_bollinger_bands.txt.gz', (t) => {
    const [close, middle] = [t.column('Close'), t.column('Moving Average 20')];
    const top = t.column('Bollinger Bands® 20 2 Top');
    const score = close.map((value, row) => {
      const mean = middle[row] ?? Number.NaN;
      return (2 * (value - mean)) / ((top[row] ?? Number.NaN) - mean);
    });
    expectClose(rollingZScore(close, 20), score, 1e-4);
  });

  onGolden('the regression line, taken one row on, is the time series forecast', 'spy_tsf.csv.gz', (t) => {
    const close = t.column('close');
    const forecast = linearRegressionSlope(close, 5).map((slope, row) => {
      const mean = close.subarray(Math.max(0, row - 4), row + 1).reduce((sum, v) => sum + v, 0) / 5;
      return mean + slope * 3;
    });
    // The file has 0 while warming up.
    const expected = t.column('tsf').map((value) => (value === 0 ? Number.NaN : value));
    expectClose(forecast, expected, 1e-12);
  });
});

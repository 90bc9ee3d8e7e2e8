import { expect } from 'chai';
import fc from 'fast-check';

import {
  adfTest,
  engleGranger,
  fractionalDifference,
  fractionalWeights,
  rollingCorrelation,
  rollingCovariance,
} from '#conclave/fastcalc/index.js';
import { columnOf, expectColumn, expectNear, type GoldenColumn } from '../golden-json.js';
import { statistics } from './statistics-golden.js';

const walk = columnOf(statistics.walk);

describe('stationarity and dependence', () => {
  for (const expected of statistics.adf) {
    it(`adfTest of ${expected.series} with ${JSON.stringify(expected.options)} is that of statsmodels`, () => {
      const test = adfTest(columnOf(statistics[expected.series]), expected.options);
      expectNear(test.statistic, expected.statistic, 1e-9, 'statistic');
      expectNear(test.pValue, expected.pValue, 1e-8, 'p-value');
      expect([test.lags, test.rows]).to.deep.equal([expected.lags, expected.rows]);
      expectColumn(test.criticalValues, expected.criticalValues, 1e-12, 'critical values');
    });
  }

  it('engleGranger is coint of statsmodels', () => {
    const { y, statistic, pValue, criticalValues, intercept, hedgeRatio } = statistics.cointegration;
    const out = engleGranger(columnOf(y), walk);
    expectNear(out.test.statistic, statistic, 1e-8, 'statistic');
    expectNear(out.test.pValue, pValue, 1e-7, 'p-value');
    expectColumn(out.test.criticalValues, criticalValues, 1e-12, 'critical values');
    expectNear(out.intercept, intercept, 1e-9);
    expectNear(out.hedgeRatio, hedgeRatio, 1e-10);
    expect(out.spread.length).to.equal(walk.length);
  });

  it('tests refuse a flat series, a gap and an unknown trend', () => {
    expect(() => adfTest(new Float64Array(50)))
      .to.throw()
      .that.includes({ field: 'values' });
    expect(() => adfTest(Float64Array.of(1, Number.NaN)))
      .to.throw()
      .that.includes({ field: 'values[1]' });
    expect(() => adfTest(walk, { trend: 'cubic' as never }))
      .to.throw()
      .that.includes({ field: 'trend' });
    expect(() => engleGranger(walk, walk))
      .to.throw()
      .that.includes({ field: 'y' });
  });

  it('fractional weights are binomial coefficients, and the difference their sum', () => {
    const options = { order: 0.4, threshold: 1e-2 };
    expectColumn(fractionalWeights(options), statistics.fractional.weights, 1e-13, 'weights');
    expectColumn(fractionalDifference(walk, options), statistics.fractional.values, 1e-9, 'difference');
    expect(fractionalDifference(walk, { order: 0 })).to.deep.equal(walk);
  });

  it('rolling matrices are those of NumPy and scikit-learn', () => {
    const { values, columns, period, covariance, correlation, ledoitWolf } = statistics.matrix;
    const cells = columnOf(values);
    const from = (period - 1) * columns * columns;
    const options = { columns, period };
    const check = (out: Float64Array, expected: GoldenColumn, what: string) => {
      expect(out.slice(0, from).every((v) => Number.isNaN(v))).to.equal(true);
      expectColumn(out.slice(from), expected, 1e-10, what);
    };
    check(rollingCovariance(cells, options), covariance, 'covariance');
    check(rollingCorrelation(cells, options), correlation, 'correlation');
    check(rollingCovariance(cells, { ...options, shrinkage: 'ledoit-wolf' }), ledoitWolf, 'Ledoit-Wolf');
  });

  it('correlations stay between −1 and 1 and do not change with unit and level', () => {
    const value = fc.integer({ min: -50, max: 50 });
    fc.assert(
      fc.property(fc.array(fc.tuple(value, value), { maxLength: 30 }), (rows) => {
        const plain = Float64Array.from(rows.flat());
        const moved = plain.map((v, at) => (at % 2 === 0 ? 8 * v + 1e6 : v - 3));
        const options = { columns: 2, period: 4 };
        const [a, b] = [rollingCorrelation(plain, options), rollingCorrelation(moved, options)];
        a.forEach((v, at) => {
          expect(Number.isNaN(b[at])).to.equal(Number.isNaN(v));
          if (Number.isNaN(v)) return;
          expect(v).to.be.within(-1, 1);
          expect(b[at]).to.be.closeTo(v, 1e-9);
        });
      }),
    );
  });

  it('full shrinkage leaves the mean variance on the diagonal', () => {
    const out = rollingCovariance(Float64Array.of(1, 2, 2, 4, 3, 9), { columns: 2, period: 3, shrinkage: 1 });
    expect(out.slice(8)).to.deep.equal(Float64Array.of(7, 0, 0, 7));
  });
});

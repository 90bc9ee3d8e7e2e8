import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import fc from 'fast-check';

import {
  bipowerVariation,
  fitGarch,
  fitHar,
  garchFilter,
  garchForecast,
  garmanKlass,
  jumpTest,
  medRv,
  minRv,
  parkinson,
  realizedVariance,
  rogersSatchell,
  volatilityOfVolatility,
  yangZhang,
} from '#conclave/fastcalc/index.js';
import { sharedData } from '../../support/shared-data.js';
import { columnOf, expectColumn, expectNear, type GoldenColumn, goldenJson } from '../golden-json.js';

interface Golden {
  readonly open: GoldenColumn;
  readonly high: GoldenColumn;
  readonly low: GoldenColumn;
  readonly close: GoldenColumn;
  readonly returns: GoldenColumn;
  readonly expected: Readonly<Record<string, GoldenColumn>>;
  readonly har: {
    readonly values: GoldenColumn;
    readonly coefficients: GoldenColumn;
    readonly standardErrors: GoldenColumn;
    readonly rSquared: number;
    readonly next: number;
  };
}

const golden = goldenJson<Golden>('volatility.json');
const bars = {
  open: columnOf(golden.open),
  high: columnOf(golden.high),
  low: columnOf(golden.low),
  close: columnOf(golden.close),
};
const returns = columnOf(golden.returns);
const [ten, twenty] = [{ period: 10 }, { period: 20 }];

const KERNELS: Readonly<Record<string, () => Float64Array>> = {
  parkinson: () => parkinson(bars.high, bars.low, ten),
  garmanKlass: () => garmanKlass(bars, ten),
  rogersSatchell: () => rogersSatchell(bars, ten),
  yangZhang: () => yangZhang(bars, ten),
  realizedVariance: () => realizedVariance(returns, twenty),
  bipowerVariation: () => bipowerVariation(returns, twenty),
  jumpTest: () => jumpTest(returns, twenty),
  medRv: () => medRv(returns, twenty),
  minRv: () => minRv(returns, twenty),
  volatilityOfVolatility: () => volatilityOfVolatility(returns, { volatilityPeriod: 5, period: 8 }),
};

describe('volatility', () => {
  for (const [name, run] of Object.entries(KERNELS)) {
    it(`${name} has the values of volatility.json`, () => {
      expectColumn(run(), golden.expected[name] ?? [], 1e-10, name);
    });
  }

  it('prices in another unit have the same volatility, and flat prices none', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-3, max: 1e3, noNaN: true }), (unit) => {
        const scaled = {
          open: bars.open.map((v) => v * unit),
          high: bars.high.map((v) => v * unit),
          low: bars.low.map((v) => v * unit),
          close: bars.close.map((v) => v * unit),
        };
        for (const kernel of [garmanKlass, rogersSatchell, yangZhang]) {
          expectColumn(kernel(scaled, ten), [...kernel(bars, ten)].map(nullable), 1e-9, kernel.name);
        }
      }),
      { numRuns: 20 },
    );
    const flat = new Float64Array(12).fill(7);
    const still = { open: flat, high: flat, low: flat, close: flat };
    for (const kernel of [garmanKlass, rogersSatchell, yangZhang]) {
      expect(kernel(still, ten)[11]).to.equal(0);
    }
    expect(parkinson(flat, flat, ten)[11]).to.equal(0);
  });

  it('doubled returns have four times the variance, and a missing one leaves with its window', () => {
    const doubled = returns.map((r) => 2 * r);
    const gap = returns.slice();
    gap[25] = Number.NaN;
    for (const kernel of [realizedVariance, bipowerVariation, medRv, minRv]) {
      expectColumn(
        kernel(doubled, twenty),
        [...kernel(returns, twenty)].map((v) => nullable(4 * v)),
        1e-12,
        kernel.name,
      );
      const out = kernel(gap, twenty);
      expect([24, 25, 44, 45].map((row) => Number.isNaN(out[row]))).to.deep.equal([false, true, true, false]);
    }
  });

  it('an empty series stays empty and one row gives NaN', () => {
    const [none, one] = [new Float64Array(0), Float64Array.of(1)];
    expect(realizedVariance(none, twenty)).to.deep.equal(none);
    expect(jumpTest(one, twenty)[0]).to.be.NaN;
    expect(yangZhang({ open: one, high: one, low: one, close: one }, ten)[0]).to.be.NaN;
  });

  it('wrong bars and periods are refused by name', () => {
    const swapped = { ...bars, high: bars.low, low: bars.high };
    expect(() => garmanKlass(swapped, ten))
      .to.throw()
      .that.includes({ code: 'INVALID_ARGUMENT' });
    expect(() => yangZhang(bars, { period: 1 }))
      .to.throw()
      .that.includes({ field: 'period' });
    expect(() => parkinson(bars.high, bars.low.slice(1), ten))
      .to.throw()
      .that.includes({ field: 'low' });
  });

  it('a HAR model has the coefficients, errors and forecast of statsmodels', () => {
    const { values, coefficients, standardErrors, rSquared, next } = golden.har;
    const fit = fitHar(columnOf(values));
    expectColumn(fit.coefficients, coefficients, 1e-9, 'coefficients');
    expectColumn(fit.standardErrors, standardErrors, 1e-9, 'standardErrors');
    expectNear(fit.rSquared, rSquared, 1e-9);
    expectNear(fit.next, next, 1e-9);
    expect(fit.rows).to.equal(68);
  });

  it('a GARCH of DEM/GBP is that of Fiorentini, Calzolari, Panattoni (needs goldens/stats)', function () {
    const data = sharedData('goldens/stats/dem2gbp_returns_pct_1974.csv');
    const facts = sharedData('goldens/stats/stats_golden.json');
    if (data === undefined || facts === undefined) return this.skip();
    const series = Float64Array.from(readFileSync(data, 'utf8').trim().split(/\s+/), Number);
    expect(series.length).to.equal(1974);
    const expected = (JSON.parse(readFileSync(facts, 'utf8')) as Facts).garch11_dem2gbp;
    const fit = fitGarch(series);
    expect(fit.converged).to.equal(true);
    for (const name of ['mu', 'omega', 'alpha', 'beta'] as const) {
      // Published with six digits, the last of which is not rounded.
      expectNear(fit.parameters[name], expected.published_FCP1996[name], 1e-5, name);
      expectNear(fit.parameters[name], expected.reproduced[name], 1e-6, name);
    }
    expectNear(fit.logLikelihood, expected.loglik, 1e-10, 'log likelihood');
  });

  it('a GARCH fit scales with its returns, filters to its own variances and forecasts to the long run', () => {
    const wild = Float64Array.from({ length: 600 }, (_, i) => {
      const calm = Math.floor(i / 60) % 2 === 0;
      return Math.sin(i * i * 1.7) * (calm ? 0.01 : 0.03);
    });
    const [fit, scaled] = [fitGarch(wild), fitGarch(wild.map((r) => 100 * r))];
    expectNear(scaled.parameters.alpha, fit.parameters.alpha, 1e-5);
    expectNear(scaled.parameters.beta, fit.parameters.beta, 1e-5);
    expectNear(scaled.parameters.omega, 1e4 * fit.parameters.omega, 1e-4);
    const path = garchFilter(wild, fit.parameters);
    expect(path.variance).to.deep.equal(fit.variance);
    const { omega, alpha, beta } = fit.parameters;
    const far = garchForecast(fit.parameters, path.nextVariance, 100_000);
    expect(far[0]).to.equal(path.nextVariance);
    expectNear(far[99_999] ?? 0, omega / (1 - alpha - beta), 1e-6);
    expect(() => fitGarch(new Float64Array(50)))
      .to.throw()
      .that.includes({ field: 'returns' });
  });
});

interface Facts {
  readonly garch11_dem2gbp: {
    readonly published_FCP1996: Readonly<Record<'mu' | 'omega' | 'alpha' | 'beta', number>>;
    readonly reproduced: Readonly<Record<'mu' | 'omega' | 'alpha' | 'beta', number>>;
    readonly loglik: number;
  };
}

function nullable(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}

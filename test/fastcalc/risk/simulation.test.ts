import { expect } from 'chai';

import {
  equityCurve,
  maximumDrawdown,
  monteCarlo,
  sharpe,
  stationaryBootstrap,
  stationaryBootstrapRows,
} from '#conclave/fastcalc/index.js';
import { columnOf, type GoldenColumn, goldenJson } from '../golden-json.js';

const returns = columnOf(goldenJson<{ returns: GoldenColumn }>('risk.json').returns);

describe('simulation', () => {
  it('the number of threads changes no bit of a bootstrap or a Monte Carlo, the seed all', () => {
    const bootstrap = { statistic: 'sharpe', meanBlock: 10, replicates: 200, seed: 7 } as const;
    const one = stationaryBootstrap(returns, { ...bootstrap, threads: 1 });
    const paths = { paths: 300, seed: 7 };
    const walk = monteCarlo(returns, { ...paths, threads: 1 });
    for (const threads of [2, 3, 8]) {
      expect(stationaryBootstrap(returns, { ...bootstrap, threads })).to.deep.equal(one);
      expect(monteCarlo(returns, { ...paths, threads })).to.deep.equal(walk);
    }
    expect(stationaryBootstrap(returns, { ...bootstrap, seed: 8 })).not.to.deep.equal(one);
    expect(monteCarlo(returns, { ...paths, seed: 8 })).not.to.deep.equal(walk);
  });

  it('a bootstrap value is the statistic of the rows of its resample', () => {
    const options = { meanBlock: 10, replicates: 5, seed: 7 };
    const ratios = stationaryBootstrap(returns, { ...options, statistic: 'sharpe' });
    const depths = stationaryBootstrap(returns, { ...options, statistic: 'maximum-drawdown' });
    ratios.forEach((value, replicate) => {
      const rows = stationaryBootstrapRows({ rows: returns.length, meanBlock: 10, seed: 7, replicate });
      const resample = rows.map((row) => returns[row] ?? 0);
      expect(value).to.equal(sharpe(resample));
      expect(depths[replicate]).to.equal(maximumDrawdown(equityCurve(resample)).depth);
    });
  });

  it('bootstrapped means spread as theory says', () => {
    const means = stationaryBootstrap(returns, {
      statistic: 'mean',
      meanBlock: 1,
      replicates: 4000,
      seed: 1,
    });
    const centre = returns.reduce((s, r) => s + r, 0) / returns.length;
    const spread = Math.sqrt(returns.reduce((s, r) => s + (r - centre) ** 2, 0)) / returns.length;
    const mean = means.reduce((s, v) => s + v, 0) / means.length;
    const deviation = Math.sqrt(means.reduce((s, v) => s + (v - mean) ** 2, 0) / means.length);
    // Five standard errors of 4000 replicates.
    expect(mean).to.be.closeTo(centre, (5 * spread) / Math.sqrt(4000));
    expect(deviation / spread).to.be.closeTo(1, 5 / Math.sqrt(8000));
  });

  it('shuffled trades end at the same total by different ways', () => {
    const { total, maximumDrawdown: depth } = monteCarlo(returns, {
      resampling: 'shuffle',
      paths: 50,
      seed: 1,
    });
    const end = (equityCurve(returns).at(-1) ?? 0) - 1;
    for (const value of total) expect(value).to.be.closeTo(end, 1e-12);
    for (const value of depth) expect(value).to.be.within(0, 1);
    expect(new Set(depth).size).to.be.greaterThan(40);
  });

  it('amounts add up instead of compounding', () => {
    const { total, maximumDrawdown: depth } = monteCarlo(Float64Array.of(-2, -2), {
      paths: 3,
      steps: 5,
      compounding: false,
      seed: 0,
    });
    expect([...total]).to.deep.equal([-10, -10, -10]);
    expect([...depth]).to.deep.equal([10, 10, 10]);
  });

  it('nothing to draw from, a bad seed and an unknown statistic are refused by name', () => {
    expect(() => monteCarlo(new Float64Array(0), { paths: 1, seed: 1 }))
      .to.throw()
      .that.includes({ field: 'results' });
    expect(() => monteCarlo(returns, { paths: 1, seed: -1 }))
      .to.throw()
      .that.includes({ field: 'seed' });
    expect(() => monteCarlo(returns, { paths: 1, seed: 1, steps: 2, resampling: 'shuffle' }))
      .to.throw()
      .that.includes({ field: 'steps' });
    const options = { statistic: 'mode' as never, meanBlock: 1, replicates: 1, seed: 1 };
    expect(() => stationaryBootstrap(returns, options))
      .to.throw()
      .that.includes({ field: 'statistic' });
  });
});

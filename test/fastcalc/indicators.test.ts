import { expect } from 'chai';
import fc from 'fast-check';

import * as fastcalc from '#conclave/fastcalc/index.js';

type Kernel = (prices: Float64Array, period: number) => Float64Array;

const KERNELS: Readonly<Record<string, Kernel>> = {
  ewmaVolatility: (v, n) => fastcalc.ewmaVolatility(v, { halfLifeBars: n }),
  atr: (v, n) => fastcalc.atr(v, v, v, n),
  rsi: fastcalc.rsi,
  adx: (v, n) => fastcalc.adx(v, v, v, n),
  plusDi: (v, n) => fastcalc.directionalMovement(v, v, v, n).plusDi,
  minusDi: (v, n) => fastcalc.directionalMovement(v, v, v, n).minusDi,
  rollingZScore: fastcalc.rollingZScore,
  rollingRank: fastcalc.rollingRank,
  linearRegressionSlope: fastcalc.linearRegressionSlope,
  bulkVolumeClassification: (v, n) => fastcalc.bulkVolumeClassification(v, v, { volatilityPeriod: n }),
};

/** Row of the first value for a window of n rows. */
const FIRST: Readonly<Record<string, (n: number) => number>> = {
  adx: (n) => 2 * n - 1,
  rollingZScore: (n) => n - 1,
  rollingRank: (n) => n - 1,
  linearRegressionSlope: (n) => n - 1,
};

/** What each says of a market that does not move. */
const FLAT: Readonly<Record<string, number>> = { rsi: 50, rollingRank: 0.5, bulkVolumeClassification: 2 };

const price = fc.oneof({ weight: 9, arbitrary: fc.integer({ min: 1, max: 60 }) }, fc.constant(Number.NaN));
const prices = fc.array(price, { maxLength: 80 }).map((v) => Float64Array.from(v));
const period = fc.integer({ min: 2, max: 12 });

describe('indicators', () => {
  for (const [name, kernel] of Object.entries(KERNELS)) {
    it(`${name} gives as many rows as it takes, and none changes when later rows arrive`, () => {
      fc.assert(
        fc.property(prices, period, fc.nat(80), (v, n, cut) => {
          const all = kernel(v, n);
          expect(all.length).to.equal(v.length);
          expect(kernel(v.slice(0, cut), n)).to.deep.equal(all.slice(0, cut));
        }),
      );
    });

    it(`${name} warms up for as long as it says, then has its flat value`, () => {
      const first = FIRST[name]?.(5) ?? 5;
      const out = kernel(new Float64Array(20).fill(4), 5);
      out.forEach((value, row) => {
        if (row < first) expect(value).to.be.NaN;
        else expect(value).to.equal(FLAT[name] ?? 0);
      });
    });

    it(`${name} takes no row and one row`, () => {
      expect(kernel(new Float64Array(0), 3)).to.deep.equal(new Float64Array(0));
      expect(kernel(Float64Array.of(4), 3)).to.deep.equal(Float64Array.of(Number.NaN));
    });

    it(`${name} recovers from a missing value`, () => {
      const v = Float64Array.from({ length: 60 }, (_, row) => 10 + Math.sin(row * row));
      v[20] = Number.NaN;
      const out = kernel(v, 5);
      expect(out[20]).to.be.NaN;
      expect(out.slice(20 + 2 * 5 + 1).every(Number.isFinite)).to.equal(true);
    });
  }

  it('adx is the first line of directionalMovement', () => {
    const [high, low] = [Float64Array.of(3, 4, 6, 5, 7, 8), Float64Array.of(1, 3, 4, 4, 5, 6)];
    expect(fastcalc.adx(high, low, low, 2)).to.deep.equal(
      fastcalc.directionalMovement(high, low, low, 2).adx,
    );
  });

  it('the z-score is exact at an offset of 1e8', () => {
    const v = Float64Array.of(1, 2, 4, 1, 3, 3, 8);
    const lifted = v.map((value) => value + 1e8);
    expect(fastcalc.rollingZScore(lifted, 4)).to.deep.equal(fastcalc.rollingZScore(v, 4));
  });
});

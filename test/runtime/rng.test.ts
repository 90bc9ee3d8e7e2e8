import { expect } from 'chai';
import fc from 'fast-check';
import { SeededRng } from '#conclave/runtime/index.js';
import { refusalOf } from '../support/thrown.js';

const take = (rng: SeededRng, count: number): number[] => Array.from({ length: count }, () => rng.uniform());
/** Computed apart from this code, by the papers' reference algorithms (SplitMix64, xoshiro128++). */
const RECORDED = {
  uniform: [0.6155444861226248, 0.38001480944542465, 0.7745493794146345],
  integer: [996, 626, 581],
  forked: 0.6784268972099639,
};

const seed = fc.oneof(fc.integer(), fc.bigInt());

describe('SeededRng', () => {
  it('gives the same numbers for the same seed, and others for another', () => {
    fc.assert(
      fc.property(seed, seed, (one, other) => {
        expect(take(new SeededRng(one), 5)).to.deep.equal(take(new SeededRng(one), 5));
        if (BigInt.asUintN(64, BigInt(one)) !== BigInt.asUintN(64, BigInt(other)))
          expect(take(new SeededRng(one), 5)).not.to.deep.equal(take(new SeededRng(other), 5));
      }),
    );
  });

  it('never changes its sequence: recorded runs depend on it', () => {
    const rng = new SeededRng(42);
    expect(take(rng, 3)).to.deep.equal(RECORDED.uniform);
    expect([rng.integer(1000), rng.integer(1000), rng.integer(1000)]).to.deep.equal(RECORDED.integer);
    expect(new SeededRng(42).fork('feed').uniform()).to.equal(RECORDED.forked);
  });

  it('spreads uniform numbers evenly over [0, 1)', () => {
    const rng = new SeededRng(1);
    const bins = new Array<number>(10).fill(0);
    for (let i = 0; i < 100_000; i++) {
      const number = rng.uniform();
      expect(number >= 0 && number < 1).to.equal(true);
      const bin = Math.floor(number * 10);
      bins[bin] = (bins[bin] as number) + 1;
    }
    const chiSquare = bins.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0);
    // 99.9 % of fair draws with 9 degrees of freedom stay below.
    expect(chiSquare).to.be.below(27.9);
  });

  it('draws integers below their bound, each of them', () => {
    fc.assert(
      fc.property(seed, fc.integer({ min: 1, max: 7 }), (start, bound) => {
        const rng = new SeededRng(start);
        const drawn = new Set(Array.from({ length: 200 }, () => rng.integer(bound)));
        expect([...drawn].sort()).to.deep.equal(Array.from({ length: bound }, (_, i) => i));
      }),
    );
  });

  it('draws normal numbers with mean 0 and variance 1', () => {
    const rng = new SeededRng(7);
    const draws = Array.from({ length: 100_000 }, () => rng.normal());
    const mean = draws.reduce((sum, x) => sum + x, 0) / draws.length;
    const variance = draws.reduce((sum, x) => sum + (x - mean) ** 2, 0) / draws.length;
    // Four standard errors.
    expect(Math.abs(mean)).to.be.below(4 / Math.sqrt(draws.length));
    expect(Math.abs(variance - 1)).to.be.below(4 * Math.sqrt(2 / draws.length));
  });

  it('forks streams that depend on seed and label only, not on what was drawn', () => {
    fc.assert(
      fc.property(seed, fc.string(), fc.string(), (start, label, other) => {
        const used = new SeededRng(start);
        used.normal();
        const forked = used.fork(label).uniform();
        expect(forked).to.equal(new SeededRng(start).fork(label).uniform());
        if (label !== other) expect(forked).not.to.equal(new SeededRng(start).fork(other).uniform());
      }),
    );
  });

  it('refuses seeds and bounds that are no integers', () => {
    for (const bad of [0.5, Number.NaN, 2 ** 53])
      expect(refusalOf(() => new SeededRng(bad)).field).to.equal('seed');
    for (const bad of [0, -1, 1.5, Number.NaN, 2 ** 53])
      expect(refusalOf(() => new SeededRng(1).integer(bad)).field).to.equal('bound');
  });
});

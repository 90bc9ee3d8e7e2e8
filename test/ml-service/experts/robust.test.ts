import { expect } from 'chai';
import fc from 'fast-check';
import { MAX_SCORE, median, robustZ } from '#conclave/ml-service/experts/anomaly/robust.js';

describe('the robust yardstick', () => {
  it('finds the median of even and odd counts', () => {
    expect(median(Float64Array.of(3, 1, 2))).to.equal(2);
    expect(median(Float64Array.of(4, 1, 2, 3))).to.equal(2.5);
    expect(Number.isNaN(median(new Float64Array()))).to.equal(true);
  });

  it('finds the median that sorting finds', () => {
    const number = fc.double({ noNaN: true, noDefaultInfinity: true });
    fc.assert(
      fc.property(fc.array(number, { minLength: 1, maxLength: 80 }), (list) => {
        const sorted = Float64Array.from(list).sort();
        const middle = sorted.length >> 1;
        const upper = sorted[middle] as number;
        const expected = sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] as number) + upper) / 2;
        expect(median(Float64Array.from(list)) === expected).to.equal(true);
      }),
    );
  });

  it('is not moved by a few wild values', () => {
    const calm = Float64Array.from({ length: 100 }, (_, i) => Math.sin(i));
    const spiked = Float64Array.from(calm, (value, i) => (i < 5 ? 1e9 : value));
    expect(robustZ(5, spiked)).to.be.closeTo(robustZ(5, calm), 1);
  });

  it('is bounded where the reference never moved', () => {
    const flat = new Float64Array(50).fill(7);
    expect(robustZ(7, flat)).to.equal(0);
    expect(robustZ(8, flat)).to.equal(MAX_SCORE);
    expect(robustZ(6, flat)).to.equal(-MAX_SCORE);
  });

  it('is finite for finite numbers', () => {
    const number = fc.double({ min: -1e9, max: 1e9, noNaN: true });
    fc.assert(
      fc.property(number, fc.array(number, { minLength: 1, maxLength: 40 }), (value, reference) => {
        expect(Number.isFinite(robustZ(value, Float64Array.from(reference)))).to.equal(true);
      }),
    );
  });
});

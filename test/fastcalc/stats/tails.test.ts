import { expect } from 'chai';
import fc from 'fast-check';

import {
  fitTail,
  QuantileSketch,
  tailMeanBeyond,
  tailQuantile,
  watchTail,
} from '#conclave/fastcalc/index.js';
import { columnOf, expectNear } from '../golden-json.js';
import { statistics } from './statistics-golden.js';

const { tail } = statistics;
const losses = columnOf(tail.values);

describe('tails and quantiles', () => {
  it('a Pareto tail is the maximum of its likelihood', () => {
    const fit = fitTail(losses, { thresholdLevel: tail.thresholdLevel });
    expectNear(fit.threshold, tail.threshold, 1e-12);
    expectNear(fit.share, tail.share, 1e-12);
    expectNear(fit.scale, tail.scale, 1e-5);
    expectNear(fit.shape, tail.shape, 1e-5);
    expectNear(fit.logLikelihood, tail.logLikelihood, 1e-9);
    const quantile = tailQuantile(fit, 0.99);
    expectNear(quantile, tail.quantile99, 1e-5);
    expectNear(tailMeanBeyond(fit, quantile), tail.mean99, 1e-5);
    expect(() => tailQuantile(fit, 0.5))
      .to.throw()
      .that.includes({ field: 'level' });
    expect(() => fitTail(losses.slice(0, 50), { thresholdLevel: 0.9 }))
      .to.throw()
      .that.includes({ field: 'values' });
  });

  it('a watched tail is causal, and a spike is an alarm that teaches nothing', () => {
    const options = { calibrationRows: 800, thresholdLevel: 0.9, risk: 1e-3 };
    const spiked = losses.slice();
    spiked[1000] = 1e6;
    const [plain, out] = [watchTail(losses, options), watchTail(spiked, options)];
    expect(out.alarm[1000]).to.equal(1);
    expect(out.level.slice(0, 1001)).to.deep.equal(plain.level.slice(0, 1001));
    expect(out.level[1001]).to.equal(out.level[1000]);
    expect(out.level[799]).to.be.NaN;
  });

  it('a sketch keeps its accuracy, in whatever order and parts the values come', () => {
    const value = fc.oneof(fc.double({ min: -1e6, max: 1e6, noNaN: true }), fc.constant(0));
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 200 }), fc.nat(200), (values, cut) => {
        const [all, a, b] = [0, 1, 2].map(() => new QuantileSketch({ accuracy: 0.02 })) as [
          QuantileSketch,
          QuantileSketch,
          QuantileSketch,
        ];
        all.add(Float64Array.from(values));
        a.add(Float64Array.from(values.slice(cut)));
        b.add(Float64Array.from(values.slice(0, cut)));
        a.merge(b);
        const sorted = Float64Array.from(values).sort();
        for (const p of [0, 0.25, 0.5, 0.9, 1]) {
          const exact = sorted[Math.floor(p * (values.length - 1))] ?? 0;
          expect(Math.abs(all.quantile(p) - exact)).to.be.at.most(0.0201 * Math.abs(exact) + 1e-300);
          expect(a.quantile(p)).to.equal(all.quantile(p));
        }
        expect(a.count).to.equal(values.length);
      }),
    );
  });

  it('a sketch refuses what it cannot count and is then unchanged', () => {
    const sketch = new QuantileSketch({ accuracy: 0.01 });
    expect(sketch.quantile(0.5)).to.be.NaN;
    expect(() => sketch.add(Float64Array.of(1, Number.POSITIVE_INFINITY)))
      .to.throw()
      .that.includes({ field: 'values[1]' });
    expect(sketch.count).to.equal(0);
    expect(() => sketch.merge(sketch))
      .to.throw()
      .that.includes({ field: 'other' });
    expect(() => sketch.merge(new QuantileSketch({ accuracy: 0.1 })))
      .to.throw()
      .that.includes({ field: 'other' });
    expect(() => new QuantileSketch({ accuracy: 2 }))
      .to.throw()
      .that.includes({ field: 'accuracy' });
  });
});

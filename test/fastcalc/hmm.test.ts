import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import fc from 'fast-check';

import {
  type FitHmmOptions,
  filterHmm,
  fitHmm,
  HmmFilter,
  type HmmParameters,
} from '#conclave/fastcalc/index.js';
import { sharedData } from '../support/shared-data.js';

const column = (...values: number[]): Float64Array => Float64Array.from(values);

const GAUSSIAN: HmmParameters = {
  states: 2,
  emission: 'gaussian',
  initial: column(0.5, 0.5),
  transition: column(0.95, 0.05, 0.1, 0.9),
  mean: column(0, 0),
  variance: column(1e-4, 9e-4),
};
const STUDENT: HmmParameters = { ...GAUSSIAN, emission: 'student-t', degreesOfFreedom: 4 };

/** Calm and wild hundreds in turn. */
const returns = Float64Array.from({ length: 1200 }, (_, row) => {
  const wild = Math.floor(row / 100) % 2 === 1;
  return Math.sin(row * row) * Math.cos(row * 1.7) * (wild ? 0.03 : 0.005);
});

const observation = fc.oneof(
  { weight: 9, arbitrary: fc.double({ min: -0.2, max: 0.2, noNaN: true }) },
  fc.constant(Number.NaN),
  fc.constant(1e12),
);
const observations = fc.array(observation, { maxLength: 60 }).map((v) => Float64Array.from(v));

describe('hidden Markov models', () => {
  for (const model of [GAUSSIAN, STUDENT]) {
    it(`a ${model.emission} posterior never changes when later rows arrive`, () => {
      fc.assert(
        fc.property(observations, fc.nat(60), (x, cut) => {
          const all = filterHmm(x, model);
          expect(all.posterior.length).to.equal(2 * x.length);
          expect(filterHmm(x.slice(0, cut), model).posterior).to.deep.equal(all.posterior.slice(0, 2 * cut));
        }),
      );
    });

    it(`a streaming ${model.emission} filter is the batch bit for bit, through snapshots too`, () => {
      fc.assert(
        fc.property(observations, (x) => {
          const batch = filterHmm(x, model);
          let filter = new HmmFilter(model);
          x.forEach((value, row) => {
            if (row % 5 === 0) filter = HmmFilter.restore(filter.snapshot());
            expect(filter.update(value)).to.deep.equal(batch.posterior.slice(2 * row, 2 * row + 2));
          });
          expect(filter.logLikelihood).to.equal(batch.logLikelihood);
          expect(filter.rows).to.equal(x.length);
        }),
      );
    });

    it(`a ${model.emission} fit tells calm from wild, calm first`, () => {
      const fit = fitHmm(returns, {
        states: 2,
        emission: model.emission,
        maxIterations: 200,
        tolerance: 1e-9,
      });
      expect(fit.converged).to.equal(true);
      expect(fit.variance[0]).to.be.lessThan((fit.variance[1] ?? 0) / 4);
      expect(fit.degreesOfFreedom).to.equal(model.emission === 'gaussian' ? undefined : 5);
      const { posterior, logLikelihood } = filterHmm(returns, fit);
      expect(logLikelihood).to.be.closeTo(fit.logLikelihood, 1e-6);
      expect(posterior[2 * 90]).to.be.greaterThan(0.9);
      expect(posterior[2 * 190]).to.be.lessThan(0.1);
    });

    it(`each ${model.emission} iteration raises the likelihood, and equal input gives equal bits`, () => {
      let at = model;
      let before = filterHmm(returns, model).logLikelihood;
      const one: FitHmmOptions = { ...emissionOf(model), states: 2, maxIterations: 1, tolerance: 0 };
      for (let iteration = 0; iteration < 20; iteration += 1) {
        const fit = fitHmm(returns, { ...one, initial: at });
        expect(fit.logLikelihood).to.be.at.least(before);
        expect(fitHmm(returns, { ...one, initial: at })).to.deep.equal(fit);
        before = fit.logLikelihood;
        at = fit;
      }
    });
  }

  it('no observation is no posterior and a likelihood of 1', () => {
    const filtered = filterHmm(new Float64Array(0), GAUSSIAN);
    expect(filtered).to.deep.equal({ posterior: new Float64Array(0), logLikelihood: 0 });
  });

  it('a filter starts from the initial distribution and keeps its own copy of the model', () => {
    const mean = column(0, 0);
    const filter = new HmmFilter({ ...GAUSSIAN, mean });
    mean[0] = 99;
    expect(filter.posterior).to.deep.equal(GAUSSIAN.initial);
    expect(filter.parameters()).to.deep.equal(GAUSSIAN);
  });

  it('a flat series fits without breaking', () => {
    const fit = fitHmm(new Float64Array(50), {
      states: 2,
      emission: 'gaussian',
      maxIterations: 50,
      tolerance: 0,
    });
    expect(Number.isFinite(fit.logLikelihood)).to.equal(true);
    expect(fit.variance.every((v) => v > 0)).to.equal(true);
  });

  it('a broken model is refused, naming what is wrong', () => {
    const broken: [string, HmmParameters][] = [
      ['parameters.states', { ...GAUSSIAN, states: 3 }],
      ['parameters.mean', { ...GAUSSIAN, mean: [0, 0] as unknown as Float64Array }],
      ['parameters.initial', { ...GAUSSIAN, initial: column(0.5, 0.6) }],
      ['parameters.transition', { ...GAUSSIAN, transition: column(1, 0, 1) }],
      ['parameters.variance', { ...GAUSSIAN, variance: column(1, -1) }],
      ['parameters.degreesOfFreedom', { ...STUDENT, degreesOfFreedom: -1 }],
    ];
    for (const [field, parameters] of broken) {
      const refused = { code: 'INVALID_ARGUMENT', field };
      expect(() => filterHmm(returns, parameters))
        .to.throw()
        .that.includes(refused);
      expect(() => new HmmFilter(parameters))
        .to.throw()
        .that.includes(refused);
    }
  });

  it('an infinite observation is refused and leaves the filter as it was', () => {
    const filter = new HmmFilter(STUDENT);
    filter.update(0.01);
    const before = filter.snapshot();
    expect(() => filter.update(Number.POSITIVE_INFINITY))
      .to.throw()
      .that.includes({ field: 'observation' });
    expect(filter.snapshot()).to.deep.equal(before);
  });

  it('damaged snapshots are data loss', () => {
    const good = new HmmFilter(GAUSSIAN).snapshot();
    for (const at of [0, 4, 5, 6, 20, good.length - 1]) {
      const bad = good.slice();
      bad[at] = (bad[at] ?? 0) ^ 1;
      expect(() => HmmFilter.restore(bad))
        .to.throw()
        .that.includes({ code: 'DATA_LOSS' });
    }
    expect(() => HmmFilter.restore(good.slice(1)))
      .to.throw()
      .that.includes({ code: 'DATA_LOSS' });
    expect(() => HmmFilter.restore('x' as never))
      .to.throw()
      .that.includes({ field: 'bytes' });
  });

  it('fixed parameters have the likelihood hmmlearn gives them (needs hmm/gaussian_hmm_golden.json)', function () {
    const path = sharedData('goldens/hmm/gaussian_hmm_golden.json');
    if (path === undefined) return this.skip();
    const golden = JSON.parse(readFileSync(path, 'utf8')) as Golden;
    for (const c of golden.cases) {
      const filtered = filterHmm(column(...golden.x), {
        states: c.K,
        emission: 'gaussian',
        initial: column(...c.start),
        transition: column(...c.trans.flat()),
        mean: column(...c.means),
        variance: column(...c.vars),
      });
      expect(filtered.logLikelihood).to.be.closeTo(c.loglik, 1e-7);
      c.posterior_rows['999'].forEach((p, k) => {
        expect(filtered.posterior[999 * c.K + k]).to.be.closeTo(p, 1e-10);
      });
    }
  });
});

function emissionOf(model: HmmParameters): Pick<FitHmmOptions, 'emission' | 'degreesOfFreedom'> {
  const { emission, degreesOfFreedom } = model;
  return degreesOfFreedom === undefined ? { emission } : { emission, degreesOfFreedom };
}

interface Golden {
  readonly x: number[];
  readonly cases: readonly {
    readonly K: number;
    readonly start: number[];
    readonly trans: number[][];
    readonly means: number[];
    readonly vars: number[];
    readonly loglik: number;
    readonly posterior_rows: { readonly '999': number[] };
  }[];
}

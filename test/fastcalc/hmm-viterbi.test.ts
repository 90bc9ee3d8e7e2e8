import { readFileSync } from 'node:fs';
import { expect } from 'chai';

import { type HmmParameters, viterbiHmm } from '#conclave/fastcalc/index.js';
import { sharedData } from '../support/shared-data.js';

const column = (...values: number[]): Float64Array => Float64Array.from(values);

const MODEL: HmmParameters = {
  states: 2,
  emission: 'student-t',
  degreesOfFreedom: 4,
  initial: column(0.5, 0.5),
  transition: column(0.95, 0.05, 0.1, 0.9),
  mean: column(0, 0),
  variance: column(1e-4, 9e-4),
};

describe('the likeliest path of states', () => {
  it('is that of hmmlearn for fixed parameters (needs hmm/gaussian_hmm_golden.json)', function () {
    const path = sharedData('goldens/hmm/gaussian_hmm_golden.json');
    if (path === undefined) return this.skip();
    const golden = JSON.parse(readFileSync(path, 'utf8')) as Golden;
    for (const c of golden.cases) {
      const found = viterbiHmm(column(...golden.x), {
        states: c.K,
        emission: 'gaussian',
        initial: column(...c.start),
        transition: column(...c.trans.flat()),
        mean: column(...c.means),
        variance: column(...c.vars),
      });
      expect([...found.states].join('')).to.equal(c.viterbi);
      expect(found.logProbability).to.be.closeTo(c.viterbi_logprob, 1e-8);
    }
  });

  it('passes a missing row by its transitions, and no row is certain', () => {
    expect([...viterbiHmm(column(0.05, Number.NaN, 0.05), MODEL).states]).to.deep.equal([1, 1, 1]);
    expect(viterbiHmm(new Float64Array(0), MODEL)).to.deep.equal({ states: column(), logProbability: 0 });
  });

  it('a broken model or an infinite observation is refused by name', () => {
    expect(() => viterbiHmm(column(1), { ...MODEL, initial: column(1, 1) }))
      .to.throw()
      .that.includes({ field: 'parameters.initial' });
    expect(() => viterbiHmm(column(1, Number.NEGATIVE_INFINITY), MODEL))
      .to.throw()
      .that.includes({ field: 'observations[1]' });
  });
});

interface Golden {
  readonly x: number[];
  readonly cases: readonly {
    readonly K: number;
    readonly start: number[];
    readonly trans: number[][];
    readonly means: number[];
    readonly vars: number[];
    readonly viterbi: string;
    readonly viterbi_logprob: number;
  }[];
}

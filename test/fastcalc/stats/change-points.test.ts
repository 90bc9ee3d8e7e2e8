import { expect } from 'chai';
import fc from 'fast-check';

import { cusum, fitJumpModel, jumpModelStates, onlineChangePoints, pelt } from '#conclave/fastcalc/index.js';
import { columnOf, expectColumn, expectNear } from '../golden-json.js';
import { statistics } from './statistics-golden.js';

const segments = columnOf(statistics.segments);

describe('change points and regimes', () => {
  for (const { changes, ...options } of statistics.pelt) {
    it(`pelt with ${JSON.stringify(options)} finds the least total cost`, () => {
      expect([...pelt(segments, options)]).to.deep.equal(changes);
    });
  }

  it('a higher price never buys more changes, and none is closer than the least segment', () => {
    const values = fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 50 });
    fc.assert(
      fc.property(values, fc.integer({ min: 2, max: 6 }), (rows, minimumSegment) => {
        const column = Float64Array.from(rows);
        let before = Number.POSITIVE_INFINITY;
        for (const penalty of [0.5, 5, 50, 1e6]) {
          const changes = pelt(column, { cost: 'mean', penalty, minimumSegment });
          const ends = [0, ...changes, rows.length];
          for (let at = 1; at < ends.length && rows.length >= minimumSegment; at += 1) {
            expect((ends[at] ?? 0) - (ends[at - 1] ?? 0)).to.be.at.least(minimumSegment);
          }
          expect(changes.length).to.be.at.most(before);
          before = changes.length;
        }
        expect(before).to.equal(0);
      }),
    );
  });

  it('online change points are those of all run lengths, none dropped', () => {
    const { prior, recent, logLikelihood, changeProbability, runLength } = statistics.online;
    const out = onlineChangePoints(segments, { prior, recent });
    expectNear(out.logLikelihood, logLikelihood, 1e-9, 'log likelihood');
    expectColumn(out.changeProbability, changeProbability, 1e-6, 'probability');
    expect([...out.runLength]).to.deep.equal(runLength);
    expect(out.changes.length).to.be.within(2, 5);
  });

  it('what was known after a row does not change when later rows arrive', () => {
    const options = { prior: statistics.online.prior, recent: 3 };
    const all = onlineChangePoints(segments, options);
    fc.assert(
      fc.property(fc.nat(segments.length), (cut) => {
        const part = onlineChangePoints(segments.slice(0, cut), options);
        expect(part.runLength).to.deep.equal(all.runLength.slice(0, cut));
        expect(part.changeProbability).to.deep.equal(all.changeProbability.slice(0, cut));
      }),
      { numRuns: 20 },
    );
  });

  it('cumulative sums add up, raise an alarm and start again', () => {
    const out = cusum(Float64Array.of(10, 12, Number.NaN, 12, 12, 10, 4), {
      target: 10,
      slack: 0.5,
      threshold: 4,
    });
    expect(out.upper).to.deep.equal(Float64Array.of(0, 1.5, Number.NaN, 3, 4.5, 0, 0));
    expect(out.alarm).to.deep.equal(Float64Array.of(0, 0, Number.NaN, 0, 1, 0, -1));
    expect(() => cusum(segments, { target: 0, slack: -1, threshold: 1 }))
      .to.throw()
      .that.includes({ field: 'slack' });
  });

  it('the states of a jump model are those of dynamic programming', () => {
    const { features, centres, penalty, states } = statistics.jumpModel;
    const options = { width: 2, centres: columnOf(centres), penalty };
    expect([...jumpModelStates(columnOf(features), { ...options, online: false })]).to.deep.equal(states);
    const online = jumpModelStates(columnOf(features), { ...options, online: true });
    const cut = jumpModelStates(columnOf(features).slice(0, 100), { ...options, online: true });
    expect(online.slice(0, 50)).to.deep.equal(cut);
  });

  it('a fitted jump model costs no more than the true centres, and equal seeds give equal models', () => {
    const { features, penalty, objective } = statistics.jumpModel;
    const options = { width: 2, states: 2, penalty, seed: 3 };
    const model = fitJumpModel(columnOf(features), options);
    expect(model.objective).to.be.at.most(objective);
    expect(fitJumpModel(columnOf(features), options)).to.deep.equal(model);
    const again = jumpModelStates(columnOf(features), {
      width: 2,
      centres: model.centres,
      penalty,
      online: false,
    });
    expect(again).to.deep.equal(model.states);
  });
});

import { expect } from 'chai';
import fc from 'fast-check';

import {
  abdiRanaldo,
  amihud,
  corwinSchultz,
  fitHawkes,
  hawkesIntensity,
  hawkesLogLikelihood,
  kyleLambda,
  leeReady,
  multiLevelOrderFlowImbalance,
  orderFlowImbalance,
  rollSpread,
  tickRule,
  tradeIntensity,
  tradeSpreads,
  vpin,
} from '#conclave/fastcalc/index.js';
import { columnOf, expectColumn, expectNear, type GoldenColumn, goldenJson } from '../golden-json.js';

interface Golden {
  readonly high: GoldenColumn;
  readonly low: GoldenColumn;
  readonly close: GoldenColumn;
  readonly volume: GoldenColumn;
  readonly buyVolume: GoldenColumn;
  readonly signedVolume: GoldenColumn;
  readonly expected: Readonly<Record<string, GoldenColumn>>;
  readonly hawkes: {
    readonly timesMs: GoldenColumn;
    readonly endMs: number;
    readonly at: readonly [number, number, number];
    readonly logLikelihoodAt: number;
    readonly fit: readonly [number, number, number];
    readonly logLikelihood: number;
  };
}

const golden = goldenJson<Golden>('liquidity.json');
const [high, low, close] = [columnOf(golden.high), columnOf(golden.low), columnOf(golden.close)];
const [volume, buyVolume] = [columnOf(golden.volume), columnOf(golden.buyVolume)];
const signedVolume = columnOf(golden.signedVolume);
const ten = { period: 10 };
const column = (...values: number[]): Float64Array => Float64Array.from(values);

const KERNELS: Readonly<Record<string, () => Float64Array>> = {
  kyleLambda: () => kyleLambda(close, signedVolume, ten),
  amihud: () => amihud(close, volume, ten),
  rollSpread: () => rollSpread(close, ten),
  corwinSchultz: () => corwinSchultz(high, low, close, ten),
  abdiRanaldoPairs: () => abdiRanaldo(high, low, close, ten),
  abdiRanaldoWindow: () => abdiRanaldo(high, low, close, { ...ten, correction: 'window' }),
  vpin: () => vpin(buyVolume, volume, { bucketVolume: 100, buckets: 4 }),
};

describe('liquidity', () => {
  for (const [name, run] of Object.entries(KERNELS)) {
    it(`${name} has the values of liquidity.json`, () => {
      expectColumn(run(), golden.expected[name] ?? [], 1e-9, name);
    });
  }

  it('spreads as fractions do not depend on the unit of price, and stay below 2', () => {
    const scaled = [high, low, close].map((c) => c.map((v) => v * 64)) as [
      Float64Array,
      Float64Array,
      Float64Array,
    ];
    for (const kernel of [corwinSchultz, abdiRanaldo]) {
      const plain = kernel(high, low, close, ten);
      expect(kernel(...scaled, ten)).to.deep.equal(plain);
      for (const v of plain.slice(10)) expect(v).to.be.within(0, 2);
    }
    const doubled = rollSpread(
      close.map((v) => v * 2),
      ten,
    );
    rollSpread(close, ten).forEach((v, row) => {
      if (row > 10) expectNear(doubled[row] ?? 0, 2 * v, 1e-12);
    });
  });

  it('one level of the book is the imbalance of the best quotes', () => {
    const quotes = [column(10, 11, 10), column(5, 2, 7), column(12, 12, 12), column(4, 4, 1)] as const;
    expect(multiLevelOrderFlowImbalance(...quotes, { levels: 1 })).to.deep.equal(
      orderFlowImbalance(...quotes),
    );
    expect(() => multiLevelOrderFlowImbalance(...quotes, { levels: 2 }))
      .to.throw()
      .that.includes({ field: 'levels' });
  });

  it('trades are signed by the quotes, at the middle by the last move', () => {
    const price = column(10, 10.2, 10, 9.9);
    const [bid, ask] = [column(9.9, 9.9, 9.9, 9.9), column(10.1, 10.1, 10.1, 10.1)];
    expect(tickRule(price)).to.deep.equal(column(0, 1, -1, -1));
    expect(leeReady(price, bid, ask)).to.deep.equal(column(0, 1, -1, -1));
  });

  it('the effective spread is the realised one and the impact', () => {
    const side = fc.constantFrom(-1, 0, 1, Number.NaN);
    const trade = fc.tuple(fc.integer({ min: 90, max: 110 }), side, fc.integer({ min: 90, max: 110 }));
    fc.assert(
      fc.property(fc.array(trade, { maxLength: 30 }), fc.integer({ min: 1, max: 5 }), (rows, horizon) => {
        const pick = (at: 0 | 1 | 2) => Float64Array.from(rows, (r) => r[at]);
        const out = tradeSpreads(pick(0), pick(1), pick(2), { horizon });
        rows.forEach((row, at) => {
          const known = at + horizon < rows.length && !Number.isNaN(row[1]);
          expect(Number.isNaN(out.impact[at])).to.equal(!known);
          if (known) expect((out.realised[at] ?? 0) + (out.impact[at] ?? 0)).to.equal(out.effective[at]);
        });
      }),
    );
  });

  it('VPIN stays between 0 and 1 whatever the volumes', () => {
    const row = fc.tuple(
      fc.double({ min: 0, max: 1e4, noNaN: true }),
      fc.double({ min: 0, max: 1, noNaN: true }),
    );
    fc.assert(
      fc.property(fc.array(row, { maxLength: 60 }), (rows) => {
        const traded = Float64Array.from(rows, (r) => r[0]);
        const bought = Float64Array.from(rows, (r) => r[0] * r[1]);
        for (const v of vpin(bought, traded, { bucketVolume: 777, buckets: 3 })) {
          if (!Number.isNaN(v)) expect(v).to.be.within(0, 1);
        }
      }),
    );
  });

  it('steady trades read as their rate', () => {
    const times = Float64Array.from({ length: 5000 }, (_, i) => i * 20);
    expect(tradeIntensity(times, { halfLifeMs: 1000 })[4999]).to.be.closeTo(50, 0.5);
    expect(() => tradeIntensity(column(2, 1), { halfLifeMs: 1 }))
      .to.throw()
      .that.includes({ field: 'timesMs[1]' });
  });

  it('a Hawkes process has the likelihood of the double sum, and its maximum', () => {
    const { timesMs, endMs, at, logLikelihoodAt, fit, logLikelihood } = golden.hawkes;
    const times = columnOf(timesMs);
    const span = { startMs: 0, endMs };
    const [baseline, branching, decay] = at;
    expectNear(hawkesLogLikelihood(times, span, { baseline, branching, decay }), logLikelihoodAt, 1e-10);
    const found = fitHawkes(times, span);
    expect(found.converged).to.equal(true);
    expectNear(found.logLikelihood, logLikelihood, 1e-9);
    expectNear(found.baseline, fit[0], 1e-4);
    expectNear(found.branching, fit[1], 1e-4);
    expectNear(found.decay, fit[2], 1e-4);
    for (const v of hawkesIntensity(times, found)) expect(v).to.be.at.least(found.baseline);
  });

  it('empty series stay empty', () => {
    const none = new Float64Array(0);
    expect(amihud(none, none, ten)).to.deep.equal(none);
    expect(vpin(none, none, { bucketVolume: 1, buckets: 1 })).to.deep.equal(none);
    expect(kyleLambda(none, none, ten)).to.deep.equal(none);
    expect(hawkesIntensity(none, { baseline: 1, branching: 0, decay: 1 })).to.deep.equal(none);
  });
});

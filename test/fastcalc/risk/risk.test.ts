import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import fc from 'fast-check';

import {
  annualGrowth,
  calmar,
  christoffersenTest,
  deflatedSharpe,
  drawdowns,
  equityCurve,
  expectedMaximumSharpe,
  informationRatio,
  kellyBet,
  kellyGrowthOptimal,
  kellyNormal,
  kupiecTest,
  maximumDrawdown,
  minimumTrackRecord,
  omega,
  probabilisticSharpe,
  probabilityOfOverfitting,
  sharpe,
  sharpeEstimate,
  sortino,
  tradeStatistics,
  type ValueAtRiskOptions,
  valueAtRisk,
} from '#conclave/fastcalc/index.js';
import { sharedData } from '../../support/shared-data.js';
import { columnOf, expectColumn, expectNear, type GoldenColumn, goldenJson } from '../golden-json.js';

type Pair = readonly [number, number];
interface Golden {
  readonly returns: GoldenColumn;
  readonly benchmark: GoldenColumn;
  readonly expected: Readonly<Record<string, number>>;
  readonly valueAtRisk: Readonly<Record<string, Readonly<Record<string, Pair>>>>;
  readonly coverage: {
    readonly violations: GoldenColumn;
    readonly rate: number;
    readonly kupiec: Pair;
    readonly christoffersen: readonly [number, number, number, number];
  };
  readonly kellyGrowthOptimal: number;
  readonly kellyNormal: number;
  readonly luck: Readonly<Record<string, number>>;
  readonly pbo: {
    readonly returns: GoldenColumn;
    readonly trials: number;
    readonly blocks: number;
    readonly probability: number;
    readonly sortedLogits: GoldenColumn;
    readonly probabilityOfLoss: number;
  };
}

const golden = goldenJson<Golden>('risk.json');
const returns = columnOf(golden.returns);
const equity = equityCurve(returns);
const year = { periodsPerYear: 252 };
const [none, flat] = [new Float64Array(0), new Float64Array(20).fill(0.01)];

const MEASURES: Readonly<Record<string, () => number | undefined>> = {
  sharpe: () => sharpe(returns, year),
  sharpeRf: () => sharpe(returns, { riskFree: 1e-4 }),
  sortino: () => sortino(returns, { ...year, target: 2e-4 }),
  omega: () => omega(returns, { threshold: 1e-3 }),
  annualGrowth: () => annualGrowth(returns, year),
  calmar: () => calmar(returns, year),
  informationRatio: () => informationRatio(returns, columnOf(golden.benchmark), year),
  maximumDrawdown: () => maximumDrawdown(equity).depth,
  troughRow: () => maximumDrawdown(equity).troughRow,
  peakRow: () => maximumDrawdown(equity).peakRow,
  longestRows: () => maximumDrawdown(equity).longestRows,
  winRate: () => tradeStatistics(returns).winRate,
  profitFactor: () => tradeStatistics(returns).profitFactor,
  expectancy: () => tradeStatistics(returns).expectancy,
  payoffRatio: () => tradeStatistics(returns).payoffRatio,
};

describe('performance and risk', () => {
  for (const [name, expected] of Object.entries(golden.expected)) {
    it(`${name} is that of risk.json`, () => {
      expectNear(MEASURES[name]?.() ?? Number.NaN, expected, 1e-10, name);
    });
  }

  for (const [level, methods] of Object.entries(golden.valueAtRisk)) {
    for (const [method, [loss, shortfall]] of Object.entries(methods)) {
      it(`${method} value at risk at ${level} is that of risk.json`, () => {
        const options = { level: Number(level), method: method as ValueAtRiskOptions['method'] };
        const tail = valueAtRisk(returns, options);
        expectNear(tail.valueAtRisk, loss, 1e-10, 'value at risk');
        expectNear(tail.expectedShortfall, shortfall, 1e-9, 'shortfall');
      });
    }
  }

  it('the risk of the HMM series is that of the golden file (needs goldens/stats and goldens/hmm)', function () {
    const facts = sharedData('goldens/stats/stats_golden.json');
    const data = sharedData('goldens/hmm/gaussian_hmm_golden.json');
    if (facts === undefined || data === undefined) return this.skip();
    const { risk, deflated_sharpe_worked_example: example } = JSON.parse(
      readFileSync(facts, 'utf8'),
    ) as Facts;
    const x = Float64Array.from((JSON.parse(readFileSync(data, 'utf8')) as { x: number[] }).x);
    const at95 = (method: ValueAtRiskOptions['method']) => valueAtRisk(x, { level: 0.95, method });
    expectNear(at95('historical').valueAtRisk, risk.hist_var_95, 1e-12);
    expectNear(at95('historical').expectedShortfall, risk.cvar_95, 1e-12);
    expectNear(at95('normal').valueAtRisk, risk.norm_var_95, 1e-12);
    expectNear(at95('cornish-fisher').valueAtRisk, risk.cornish_fisher_var_95, 1e-12);
    expectNear(maximumDrawdown(equityCurve(x)).depth, risk.mdd, 1e-12);
    expectNear(sharpe(x, year), risk.sharpe_252, 1e-12);
    const trials = { trialVariance: example.var_trials_ann / 250, trials: example.N };
    expectNear(expectedMaximumSharpe(trials), example.SR0, 1e-12);
    const estimate = {
      sharpe: example.SR_ann / Math.sqrt(250),
      count: example.T,
      skewness: example.skew,
      kurtosis: example.kurt,
    };
    expectNear(deflatedSharpe(estimate, trials), example.DSR, 1e-12);
  });

  it('a Pareto tail agrees with the historical value at risk where there is data', () => {
    const options = { level: 0.95, thresholdLevel: 0.85 };
    const [a, b] = [
      valueAtRisk(returns, { ...options, method: 'extreme-value' }),
      valueAtRisk(returns, { ...options, method: 'historical' }),
    ];
    expect(a.valueAtRisk).to.be.closeTo(b.valueAtRisk, 0.2 * b.valueAtRisk);
    expect(a.expectedShortfall).to.be.greaterThan(a.valueAtRisk);
  });

  it('tests of violations are likelihood ratios', () => {
    const { violations, rate, kupiec, christoffersen } = golden.coverage;
    const [k, c] = [kupiecTest(columnOf(violations), rate), christoffersenTest(columnOf(violations), rate)];
    expectNear(k.statistic, kupiec[0], 1e-9);
    expectNear(k.pValue, kupiec[1], 1e-9);
    const actual = Float64Array.of(
      c.independence,
      c.independencePValue,
      c.conditionalCoverage,
      c.conditionalCoveragePValue,
    );
    expectColumn(actual, christoffersen, 1e-9, 'christoffersen');
    expect(() => kupiecTest(Float64Array.of(0.5), rate))
      .to.throw()
      .that.includes({ field: 'violations[0]' });
  });

  it('Kelly stakes what grows fastest', () => {
    expectNear(kellyGrowthOptimal(returns), golden.kellyGrowthOptimal, 1e-5);
    expectNear(kellyNormal(returns), golden.kellyNormal, 1e-10);
    expect(kellyBet({ winRate: 0.6, payoff: 1 })).to.be.closeTo(0.2, 1e-15);
  });

  it('the luck in a Sharpe ratio is that of risk.json', () => {
    const { luck } = golden;
    const estimate = sharpeEstimate(returns);
    const trials = { trialVariance: 0.01, trials: 50 };
    const actual: Record<string, number> = {
      sharpe: estimate.sharpe,
      skewness: estimate.skewness,
      kurtosis: estimate.kurtosis,
      probabilistic: probabilisticSharpe(estimate, 0.02),
      expectedMaximum: expectedMaximumSharpe(trials),
      deflated: deflatedSharpe(estimate, trials),
      minimumTrackRecord: minimumTrackRecord(estimate, { benchmark: -0.3, confidence: 0.9 }),
    };
    for (const [name, expected] of Object.entries(luck)) expectNear(actual[name] ?? 0, expected, 1e-9, name);
  });

  it('the probability of overfitting is that over all splits', () => {
    const { pbo } = golden;
    const out = probabilityOfOverfitting(columnOf(pbo.returns), pbo);
    expect(out.probability).to.equal(pbo.probability);
    expect(out.probabilityOfLoss).to.equal(pbo.probabilityOfLoss);
    expectColumn(out.logits.slice().sort(), pbo.sortedLogits, 1e-9, 'logits');
  });

  it('ratios do not change with the size of the stake, losses grow with it', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.01, max: 3, noNaN: true }), (stake) => {
        const scaled = returns.map((r) => r * stake);
        expectNear(sharpe(scaled), sharpe(returns), 1e-9);
        expectNear(sortino(scaled), sortino(returns), 1e-9);
        expectNear(omega(scaled), omega(returns), 1e-9);
        for (const method of ['historical', 'normal', 'cornish-fisher'] as const) {
          const options = { level: 0.95, method };
          expectNear(
            valueAtRisk(scaled, options).valueAtRisk,
            stake * valueAtRisk(returns, options).valueAtRisk,
            1e-9,
          );
        }
      }),
      { numRuns: 25 },
    );
  });

  it('drawdowns stay between 0 and 1 and depend on no unit', () => {
    const r = fc.double({ min: -1, max: 2, noNaN: true });
    fc.assert(
      fc.property(fc.array(r, { maxLength: 40 }), (rows) => {
        const curve = equityCurve(Float64Array.from(rows), { start: 1000 });
        for (const d of drawdowns(curve)) expect(d).to.be.within(0, 1);
        expect(maximumDrawdown(curve).depth).to.equal(Math.max(0, ...drawdowns(curve)));
      }),
    );
  });

  it('nothing and flat returns have no ratio, and what is not defined is NaN', () => {
    for (const values of [none, flat]) {
      expect(sharpe(values)).to.be.NaN;
      expect(kellyNormal(values)).to.be.NaN;
    }
    expect(sortino(none)).to.be.NaN;
    expect(omega(none)).to.be.NaN;
    expect(sortino(flat)).to.equal(Number.POSITIVE_INFINITY);
    expect(valueAtRisk(none, { level: 0.95, method: 'historical' }).valueAtRisk).to.be.NaN;
    expect(tradeStatistics(none).winRate).to.be.NaN;
    expect(maximumDrawdown(none)).to.deep.equal({ depth: 0, longestRows: 0 });
    expect(() => sharpeEstimate(flat))
      .to.throw()
      .that.includes({ field: 'returns' });
  });

  it('what cannot be a return, a level or a method is refused by name', () => {
    expect(() => equityCurve(Float64Array.of(0, -1.5)))
      .to.throw()
      .that.includes({ field: 'returns[1]' });
    expect(() => sharpe(returns, { periodsPerYear: 0 }))
      .to.throw()
      .that.includes({ field: 'periodsPerYear' });
    expect(() => valueAtRisk(returns, { level: 1, method: 'normal' }))
      .to.throw()
      .that.includes({ field: 'level' });
    expect(() => valueAtRisk(returns, { level: 0.9, method: 'guess' as never }))
      .to.throw()
      .that.includes({ field: 'method' });
  });
});

interface Facts {
  readonly risk: Readonly<
    Record<'hist_var_95' | 'cvar_95' | 'norm_var_95' | 'mdd' | 'sharpe_252' | 'cornish_fisher_var_95', number>
  >;
  readonly deflated_sharpe_worked_example: Readonly<
    Record<'SR_ann' | 'N' | 'var_trials_ann' | 'T' | 'skew' | 'kurt' | 'SR0' | 'DSR', number>
  >;
}

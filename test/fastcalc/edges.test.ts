import { expect } from 'chai';
import fc from 'fast-check';

import * as f from '#conclave/fastcalc/index.js';
import { ServiceError } from '#conclave/runtime/index.js';

const period = { period: 3 };
const bet: f.SharpeEstimate = { sharpe: 0.1, count: 100, skewness: 0, kurtosis: 3 };
const prior = { meanRun: 50, mean: 0, meanWeight: 1, shape: 1, scale: 1 };
const bars = (v: Float64Array): f.OhlcColumns => ({ open: v, high: v, low: v, close: v });
const hmm: f.FitHmmOptions = { states: 2, emission: 'gaussian', maxIterations: 5, tolerance: 0 };
const model = f.fitHmm(Float64Array.of(1, 2, 3, 2, 1, 5), hmm);
const pareto: f.ParetoTail = { threshold: 1, scale: 1, shape: 0.1, share: 0.1, logLikelihood: 0 };

/** Functions of a series, with otherwise sound arguments. */
const OF_SERIES: Readonly<Record<string, (v: Float64Array) => unknown>> = {
  abdiRanaldo: (v) => f.abdiRanaldo(v, v, v, period),
  adfTest: (v) => f.adfTest(v),
  adx: (v) => f.adx(v, v, v, 3),
  aggregateForecasts: (v) => f.aggregateForecasts(v, v, 1, 'mlpol'),
  amihud: (v) => f.amihud(v, v, period),
  annualGrowth: (v) => f.annualGrowth(v),
  atr: (v) => f.atr(v, v, v, 3),
  bipowerVariation: (v) => f.bipowerVariation(v, period),
  bulkVolumeClassification: (v) => f.bulkVolumeClassification(v, v, { volatilityPeriod: 3 }),
  bundle: (v) => f.bundle({ ...bars(v), volume: v, timeMs: v }, 'rsi(3),vwap,obv,cdldoji,kama(3)'),
  bundleInto: (v) => f.bundleInto({ close: v }, 'sma(3)', new Float64Array(v?.length ?? 0)),
  calmar: (v) => f.calmar(v),
  christoffersenTest: (v) => f.christoffersenTest(v, 0.05),
  corwinSchultz: (v) => f.corwinSchultz(v, v, v, period),
  cusum: (v) => f.cusum(v, { target: 0, slack: 0.1, threshold: 5 }),
  directionalMovement: (v) => f.directionalMovement(v, v, v, 3),
  drawdowns: (v) => f.drawdowns(v),
  engleGranger: (v) => f.engleGranger(v, v),
  equityCurve: (v) => f.equityCurve(v),
  ewmaVolatility: (v) => f.ewmaVolatility(v, { halfLifeBars: 3 }),
  filterHmm: (v) => f.filterHmm(v, model),
  fitGarch: (v) => f.fitGarch(v),
  fitHar: (v) => f.fitHar(v),
  fitHawkes: (v) => f.fitHawkes(v, { startMs: 0, endMs: 1e6 }),
  fitHmm: (v) => f.fitHmm(v, hmm),
  fitJumpModel: (v) => f.fitJumpModel(v, { width: 1, states: 2, penalty: 1, seed: 1 }),
  fitTail: (v) => f.fitTail(v, { thresholdLevel: 0.5 }),
  fractionalDifference: (v) => f.fractionalDifference(v, { order: 0.5, threshold: 0.1 }),
  garchFilter: (v) => f.garchFilter(v, { mu: 0, omega: 0.1, alpha: 0.1, beta: 0.8 }),
  garmanKlass: (v) => f.garmanKlass(bars(v), period),
  hawkesIntensity: (v) => f.hawkesIntensity(v, { baseline: 1, branching: 0.5, decay: 1 }),
  hawkesLogLikelihood: (v) =>
    f.hawkesLogLikelihood(v, { startMs: 0, endMs: 1e6 }, { baseline: 1, branching: 0.5, decay: 1 }),
  informationRatio: (v) => f.informationRatio(v, v),
  jumpModelStates: (v) =>
    f.jumpModelStates(v, { width: 1, centres: Float64Array.of(0, 1), penalty: 1, online: true }),
  jumpTest: (v) => f.jumpTest(v, period),
  kellyGrowthOptimal: (v) => f.kellyGrowthOptimal(v),
  kellyNormal: (v) => f.kellyNormal(v),
  kupiecTest: (v) => f.kupiecTest(v, 0.05),
  kyleLambda: (v) => f.kyleLambda(v, v, period),
  leeReady: (v) => f.leeReady(v, v, v),
  linearRegressionSlope: (v) => f.linearRegressionSlope(v, 3),
  maximumDrawdown: (v) => f.maximumDrawdown(v),
  medRv: (v) => f.medRv(v, period),
  microprice: (v) => f.microprice(v, v, v, v),
  minRv: (v) => f.minRv(v, period),
  monteCarlo: (v) => f.monteCarlo(v, { paths: 3, seed: 1 }),
  multiLevelOrderFlowImbalance: (v) => f.multiLevelOrderFlowImbalance(v, v, v, v, { levels: 1 }),
  omega: (v) => f.omega(v),
  onlineChangePoints: (v) => f.onlineChangePoints(v, { prior }),
  orderFlowImbalance: (v) => f.orderFlowImbalance(v, v, v, v),
  parkinson: (v) => f.parkinson(v, v, period),
  pelt: (v) => f.pelt(v, { cost: 'mean-variance', penalty: 3 }),
  probabilityOfOverfitting: (v) => f.probabilityOfOverfitting(v, { trials: 2, blocks: 2 }),
  queueImbalance: (v) => f.queueImbalance(v, v),
  realizedVariance: (v) => f.realizedVariance(v, period),
  rogersSatchell: (v) => f.rogersSatchell(bars(v), period),
  rollSpread: (v) => f.rollSpread(v, period),
  rollingCorrelation: (v) => f.rollingCorrelation(v, { columns: 1, ...period }),
  rollingCovariance: (v) => f.rollingCovariance(v, { columns: 1, ...period, shrinkage: 'ledoit-wolf' }),
  rollingRank: (v) => f.rollingRank(v, 3),
  rollingZScore: (v) => f.rollingZScore(v, 3),
  rsi: (v) => f.rsi(v, 3),
  sharpe: (v) => f.sharpe(v),
  sharpeEstimate: (v) => f.sharpeEstimate(v),
  sortino: (v) => f.sortino(v),
  stationaryBootstrap: (v) =>
    f.stationaryBootstrap(v, { statistic: 'sharpe', meanBlock: 2, replicates: 2, seed: 1 }),
  tickRule: (v) => f.tickRule(v),
  tradeIntensity: (v) => f.tradeIntensity(v, { halfLifeMs: 1000 }),
  tradeSpreads: (v) => f.tradeSpreads(v, v, v, { horizon: 1 }),
  tradeStatistics: (v) => f.tradeStatistics(v),
  valueAtRisk: (v) => f.valueAtRisk(v, { level: 0.95, method: 'cornish-fisher' }),
  viterbiHmm: (v) => f.viterbiHmm(v, model),
  volatilityOfVolatility: (v) => f.volatilityOfVolatility(v, { ...period, volatilityPeriod: 3 }),
  vpin: (v) => f.vpin(v, v, { bucketVolume: 5, buckets: 2 }),
  watchTail: (v) => f.watchTail(v, { calibrationRows: 10, mostPeaks: 10 }),
  yangZhang: (v) => f.yangZhang(bars(v), period),
};

/** Those that take numbers, the first of a series or its length. */
const OF_NUMBERS: typeof OF_SERIES = {
  deflatedSharpe: (v) => f.deflatedSharpe(bet, { trialVariance: v[0] ?? 0, trials: 10 }),
  expectedMaximumSharpe: (v) => f.expectedMaximumSharpe({ trialVariance: v[0] ?? 0, trials: 10 }),
  fractionalWeights: (v) => f.fractionalWeights({ order: v[0] ?? 0, threshold: 0.1 }),
  garchForecast: (v) => f.garchForecast({ mu: 0, omega: 0.1, alpha: 0.1, beta: 0.8 }, v[0] ?? 0, 3),
  kellyBet: (v) => f.kellyBet({ winRate: v[0] ?? 0, payoff: 1 }),
  minimumTrackRecord: (v) => f.minimumTrackRecord(bet, { benchmark: v[0] ?? 0 }),
  probabilisticSharpe: (v) => f.probabilisticSharpe({ ...bet, sharpe: v[0] ?? 0 }),
  stationaryBootstrapRows: (v) =>
    f.stationaryBootstrapRows({ rows: v.length, meanBlock: 2, seed: 1, replicate: 0 }),
  tailMeanBeyond: (v) => f.tailMeanBeyond(pareto, v[0] ?? 0),
  tailQuantile: (v) => f.tailQuantile(pareto, v[0] ?? 0),
};

const FUNCTIONS = { ...OF_SERIES, ...OF_NUMBERS };

/** Functions that work on no series of their own, or are held to it elsewhere. */
const OTHERS = [
  'bundleAsync',
  'bundleColumns',
  'bundleInputs',
  'limitSimd',
  'listIndicators',
  'lookback',
  'simdLevel',
  'simulateDecider',
  'sweep',
  'sweepAsync',
  'sweepInto',
];

/** Runs it: what it gives, or that it refused its arguments by name; anything else is a failure. */
function outcome(name: string, series: Float64Array): unknown {
  try {
    return FUNCTIONS[name]?.(series);
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    expect(['INVALID_ARGUMENT', 'FAILED_PRECONDITION'], `${name}: ${error.message}`).to.include(error.code);
    expect(error.field, `${name}: ${error.message}`).to.be.a('string').and.not.equal('');
    return error;
  }
}

/** All numbers of a result. */
function* numbersOf(result: unknown): Generator<number> {
  if (typeof result === 'number') yield result;
  else if (result instanceof Float64Array) yield* result;
  else if (result instanceof Map) for (const column of result.values()) yield* numbersOf(column);
  else if (typeof result === 'object' && result !== null && !(result instanceof Error)) {
    for (const value of Object.values(result)) yield* numbersOf(value);
  }
}

const NAMES = Object.keys(FUNCTIONS);
const of = (value: (row: number) => number, rows = 40): Float64Array =>
  Float64Array.from({ length: rows }, (_, row) => value(row));

const SERIES: Readonly<Record<string, Float64Array>> = {
  'no row': new Float64Array(0),
  'one row': Float64Array.of(1),
  'two rows': Float64Array.of(1, 2),
  zeros: of(() => 0),
  'one value': of(() => 0.1),
  'two values in turn': of((row) => 1 + (row % 2)),
  'all missing': of(() => Number.NaN),
  'some missing': of((row) => (row % 7 === 3 ? Number.NaN : 1 + row)),
  'huge numbers': of((row) => 1e300 * (1 + (row % 3))),
  'tiny numbers': of((row) => 1e-300 * (1 + (row % 3))),
  'a spike': of((row) => (row === 20 ? 1e15 : 1 + (row % 5))),
  negative: of((row) => -1 - (row % 4)),
};

describe('every function of the kernels', () => {
  it('is in this table', () => {
    const functions = Object.entries(f).filter(([, value]) => typeof value === 'function');
    const names = functions.map(([name]) => name).filter((name) => /^[a-z]/.test(name));
    expect(names.filter((name) => !NAMES.includes(name) && !OTHERS.includes(name))).to.deep.equal([]);
  });

  for (const [what, series] of Object.entries(SERIES)) {
    it(`gives an answer or a typed refusal for ${what}, and leaves the series alone`, () => {
      const before = series.slice();
      for (const name of NAMES) outcome(name, series);
      expect(series).to.deep.equal(before);
    });
  }

  it('gives the same again for the same series', () => {
    const values = fc.array(fc.double({ min: -10, max: 1000, noDefaultInfinity: true }), { maxLength: 50 });
    fc.assert(
      fc.property(fc.constantFrom(...NAMES), values, (name, rows) => {
        const [one, two] = [1, 2].map(() => [...numbersOf(outcome(name, Float64Array.from(rows)))]);
        expect(one, name).to.deep.equal(two);
      }),
      { numRuns: 500 },
    );
  });

  it('refuses what is no series', () => {
    for (const name of Object.keys(OF_SERIES)) {
      for (const bad of [undefined, null, 7, 'x', [1, 2], new Float32Array(3)]) {
        expect(outcome(name, bad as never), `${name} of ${String(bad)}`).to.be.instanceOf(ServiceError);
      }
    }
  });
});

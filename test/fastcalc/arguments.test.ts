import { expect } from 'chai';

import * as fastcalc from '#conclave/fastcalc/index.js';
import { ServiceError } from '#conclave/runtime/index.js';

const values = Float64Array.of(1, 2, 3, 2, 1, 2, 3, 4);
const options: fastcalc.FitHmmOptions = { states: 1, emission: 'gaussian', maxIterations: 5, tolerance: 0 };

/** Each kernel as a function of its series, with otherwise sound arguments. */
const KERNELS: Readonly<Record<string, (series: Float64Array) => unknown>> = {
  ewmaVolatility: (v) => fastcalc.ewmaVolatility(v, { halfLifeBars: 3 }),
  atr: (v) => fastcalc.atr(v, v, v, 2),
  rsi: (v) => fastcalc.rsi(v, 2),
  adx: (v) => fastcalc.adx(v, v, v, 2),
  directionalMovement: (v) => fastcalc.directionalMovement(v, v, v, 2),
  rollingZScore: (v) => fastcalc.rollingZScore(v, 2),
  rollingRank: (v) => fastcalc.rollingRank(v, 2),
  linearRegressionSlope: (v) => fastcalc.linearRegressionSlope(v, 2),
  queueImbalance: (v) => fastcalc.queueImbalance(v, v),
  microprice: (v) => fastcalc.microprice(v, v, v, v),
  orderFlowImbalance: (v) => fastcalc.orderFlowImbalance(v, v, v, v),
  bulkVolumeClassification: (v) => fastcalc.bulkVolumeClassification(v, v, { volatilityPeriod: 2 }),
  fitHmm: (v) => fastcalc.fitHmm(v, options),
  filterHmm: (v) => fastcalc.filterHmm(v, fastcalc.fitHmm(values, options)),
};

/** The error a call throws. */
function refusal(call: () => unknown): ServiceError {
  try {
    call();
  } catch (error) {
    expect(error).to.be.instanceOf(ServiceError);
    return error as ServiceError;
  }
  throw new Error('nothing was thrown');
}

/** An argument of the wrong type, as a caller without types could pass it. */
function wrong(value: unknown): never {
  return value as never;
}

describe('arguments of the kernels', () => {
  for (const [name, kernel] of Object.entries(KERNELS)) {
    it(`${name} refuses anything but a Float64Array and names it`, () => {
      for (const bad of [
        undefined,
        null,
        3,
        'x',
        [1, 2],
        new Float32Array(3),
        new DataView(new ArrayBuffer(8)),
      ]) {
        const error = refusal(() => kernel(wrong(bad)));
        expect(error.code).to.equal('INVALID_ARGUMENT');
        expect(error.field).to.be.a('string').and.not.equal('');
        expect(error.message).to.contain('must be a Float64Array');
      }
    });

    it(`${name} refuses a transferred buffer, which is not an empty series`, () => {
      const series = Float64Array.of(1, 2, 3);
      structuredClone(series.buffer, { transfer: [series.buffer] });
      expect(refusal(() => kernel(series)).message).to.contain('transferred');
    });

    it(`${name} names the row of an infinite value`, () => {
      const error = refusal(() => kernel(Float64Array.of(1, 2, Number.POSITIVE_INFINITY)));
      expect(error.code).to.equal('INVALID_ARGUMENT');
      expect(error.field).to.match(/^[a-zA-Z]+\[2\]$/);
    });

    it(`${name} reads views and shared memory like any series, and writes into none`, () => {
      const expected = kernel(values);
      const wide = new Float64Array(20);
      wide.set(values, 7);
      const shared = new Float64Array(new SharedArrayBuffer(64));
      shared.set(values);
      const before = values.slice();
      expect(kernel(wide.subarray(7, 15))).to.deep.equal(expected);
      expect(kernel(shared)).to.deep.equal(expected);
      expect(values).to.deep.equal(before);
    });
  }

  it('columns of different length are refused, naming the one that differs', () => {
    const short = values.slice(1);
    const cases: [string, () => unknown][] = [
      ['low', () => fastcalc.atr(values, short, values, 2)],
      ['close', () => fastcalc.adx(values, values, short, 2)],
      ['askSize', () => fastcalc.queueImbalance(values, short)],
      ['bidSize', () => fastcalc.microprice(values, short, values, values)],
      ['askPrice', () => fastcalc.orderFlowImbalance(values, values, short, values)],
      ['volume', () => fastcalc.bulkVolumeClassification(values, short, { volatilityPeriod: 2 })],
    ];
    for (const [field, call] of cases) expect(refusal(call).field).to.equal(field);
  });

  it('a period must be a whole number of at least the least window', () => {
    for (const bad of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 32, '14', undefined]) {
      for (const call of [
        () => fastcalc.rsi(values, wrong(bad)),
        () => fastcalc.atr(values, values, values, wrong(bad)),
        () => fastcalc.rollingRank(values, wrong(bad)),
      ]) {
        const error = refusal(call);
        expect(error.field).to.equal('period');
        expect(error.message).to.contain('an integer from');
      }
    }
    expect(refusal(() => fastcalc.rsi(values, 1)).field).to.equal('period');
    expect(fastcalc.rsi(values, 2 ** 32 - 1).every(Number.isNaN)).to.equal(true);
  });

  it('options must be there and in range', () => {
    const cases: [string, () => unknown][] = [
      ['options', () => fastcalc.ewmaVolatility(values, wrong(undefined))],
      ['halfLifeBars', () => fastcalc.ewmaVolatility(values, wrong({}))],
      ['halfLifeBars', () => fastcalc.ewmaVolatility(values, { halfLifeBars: 0 })],
      ['volatilityPeriod', () => fastcalc.bulkVolumeClassification(values, values, wrong({}))],
      ['states', () => fastcalc.fitHmm(values, { ...options, states: 257 })],
      ['emission', () => fastcalc.fitHmm(values, { ...options, emission: wrong('cauchy') })],
      ['degreesOfFreedom', () => fastcalc.fitHmm(values, { ...options, degreesOfFreedom: 4 })],
      [
        'degreesOfFreedom',
        () => fastcalc.fitHmm(values, { ...options, emission: 'student-t', degreesOfFreedom: 0 }),
      ],
      ['maxIterations', () => fastcalc.fitHmm(values, { ...options, maxIterations: 0 })],
      ['tolerance', () => fastcalc.fitHmm(values, { ...options, tolerance: -1 })],
      ['varianceFloor', () => fastcalc.fitHmm(values, { ...options, varianceFloor: 0 })],
      ['observations', () => fastcalc.fitHmm(new Float64Array(0), options)],
    ];
    for (const [field, call] of cases) expect(refusal(call).field).to.equal(field);
  });

  it('prices whose logarithm is taken must be above 0, sizes not below', () => {
    expect(refusal(() => fastcalc.ewmaVolatility(Float64Array.of(1, 0), { halfLifeBars: 1 })).field).to.equal(
      'close[1]',
    );
    expect(refusal(() => fastcalc.queueImbalance(Float64Array.of(-1), Float64Array.of(1))).field).to.equal(
      'bidSize[0]',
    );
  });
});

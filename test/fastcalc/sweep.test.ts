import { expect } from 'chai';
import {
  bundle,
  limitSimd,
  type SimdLevel,
  simdLevel,
  sweep,
  sweepAsync,
  sweepInto,
} from '#conclave/fastcalc/index.js';
import { SeededRng, ServiceError } from '#conclave/runtime/index.js';

const ROWS = 2_500;
/** More than a group of vectors, of every length that counts, and longer than the series. */
const PERIODS = [...Array.from({ length: 45 }, (_, at) => at + 2), 100, 200, 1023, 1024, 3_000];

function walk(rows = ROWS): Float64Array {
  const rng = new SeededRng(7);
  let price = 100;
  return Float64Array.from({ length: rows }, () => {
    price *= 1 + 0.01 * (rng.uniform() - 0.5);
    return Math.round(price * 100) / 100;
  });
}

function near(actual: Float64Array, expected: Float64Array | undefined, what: string): void {
  expect(actual.length).to.equal(expected?.length);
  actual.forEach((value, row) => {
    const other = expected?.[row] ?? Number.NaN;
    const same = Math.abs(value - other) <= 1e-12 * Math.max(Math.abs(other), 1);
    if (!same && !(Number.isNaN(value) && Number.isNaN(other))) {
      expect.fail(`${what} row ${row}: ${value} is not ${other}`);
    }
  });
}

function check(series: Float64Array, indicator: string, periods = PERIODS): void {
  const columns = sweep(indicator, series, periods);
  periods.forEach((period, at) => {
    const spec = `${indicator}(${period})`;
    near(columns[at] ?? new Float64Array(0), bundle({ close: series }, spec).get(spec), spec);
  });
}

function refusal(call: () => unknown): ServiceError {
  try {
    call();
  } catch (error) {
    if (error instanceof ServiceError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('a sweep over periods', () => {
  for (const indicator of ['ema', 'rsi', 'sma', 'wma', 'linearreg']) {
    it(`gives what ${indicator} gives, period by period`, () => {
      check(walk(), indicator);
      check(walk(1), indicator);
      expect(sweep(indicator, new Float64Array(0), [3])[0]).to.have.length(0);
    });
  }

  it('is the same where values are missing, huge, or do not move for long', () => {
    const missing = walk(300);
    missing[40] = Number.NaN;
    const huge = walk(300);
    huge[40] = 1e200;
    const still = walk(9_000).fill(17.3, 100, 8_900);
    for (const indicator of ['ema', 'rsi', 'sma']) {
      for (const series of [missing, huge, still]) check(series, indicator, [2, 3, 14, 60]);
    }
  });

  it('gives the same bits whatever vectors the processor has', () => {
    const best = simdLevel();
    const levels: readonly SimdLevel[] =
      best === 'neon' || best === 'scalar' ? [best] : ['sse2', 'avx2', 'avx512'];
    const results = levels.map((level) => {
      limitSimd(level);
      return ['ema', 'rsi', 'sma'].map((indicator) => sweep(indicator, walk(), PERIODS));
    });
    limitSimd(best);
    for (const result of results) expect(result).to.deep.equal(results[0]);
  });

  it('has the columns of each period in turn where an indicator has several', () => {
    const columns = sweep('minmax', walk(50), [3, 5]);
    const expected = bundle({ close: walk(50) }, 'minmax(3),minmax(5)');
    expect(columns).to.deep.equal([...expected.values()]);
  });

  it('writes the same into an array of the caller, and gives the same on another thread', async () => {
    const columns = sweep('ema', walk(), [5, 9]);
    const out = new Float64Array(2 * ROWS);
    sweepInto('ema', walk(), [5, 9], out);
    expect([out.subarray(0, ROWS), out.subarray(ROWS)]).to.deep.equal(columns);
    const input = walk();
    const promise = sweepAsync('ema', input, [5, 9]);
    input.fill(1);
    expect(await promise).to.deep.equal(columns);
  });

  it('ends with CANCELLED when cancelled before or while it runs', async () => {
    const codes: string[] = [];
    const note = (error: unknown): void => {
      codes.push(ServiceError.from(error).code);
    };
    await sweepAsync('rsi', walk(), [5], { signal: AbortSignal.abort() }).catch(note);
    const controller = new AbortController();
    const running = sweepAsync('rsi', walk(400_000), PERIODS, { signal: controller.signal });
    controller.abort();
    await running.catch(note);
    expect(codes).to.deep.equal(['CANCELLED', 'CANCELLED']);
  });

  it('refuses what it cannot work with, naming it', () => {
    const series = walk(10);
    const cases: readonly [string, () => unknown][] = [
      ['indicator', () => sweep('nothing', series, [3])],
      ['indicator', () => sweep('atr', series, [3])],
      ['indicator', () => sweep('macd', series, [3])],
      ['indicator', () => sweep(3 as unknown as string, series, [3])],
      ['periods', () => sweep('ema', series, [])],
      ['periods', () => sweep('ema', series, 3 as unknown as number[])],
      ['periods[1]', () => sweep('ema', series, [3, 0])],
      ['periods[1]', () => sweep('rsi', series, [3, 1])],
      ['periods[0]', () => sweep('ema', series, [2.5])],
      ['periods[0]', () => sweep('ema', series, [100_001])],
      ['series', () => sweep('ema', [1, 2] as unknown as Float64Array, [3])],
      ['series[2]', () => sweep('ema', Float64Array.of(1, 2, Number.POSITIVE_INFINITY), [3])],
      ['out', () => sweepInto('ema', series, [3], new Float64Array(9))],
      ['out', () => sweepInto('ema', series, [3], series)],
      ['most', () => limitSimd('mmx' as SimdLevel)],
    ];
    for (const [field, call] of cases) {
      const error = refusal(call);
      expect(error.code, error.message).to.equal('INVALID_ARGUMENT');
      expect(error.field).to.equal(field);
    }
  });
});

import { expect } from 'chai';
import {
  bundle,
  bundleAsync,
  bundleColumns,
  bundleInputs,
  bundleInto,
  type IndicatorCandles,
  IndicatorStream,
  listIndicators,
  lookback,
} from '#conclave/fastcalc/index.js';
import { ServiceError } from '#conclave/runtime/index.js';

const ROWS = 300;
const SPEC = 'rsi(14),macd(12,26,9),adx(14),obv,bbands(20,2,2)';

function candles(rows = ROWS): Required<Omit<IndicatorCandles, 'timeMs' | 'real0' | 'real1'>> {
  const wave = (row: number): number => 100 + 10 * Math.sin(row / 7) + 3 * Math.sin(row / 2.3);
  const of = (value: (row: number) => number): Float64Array =>
    Float64Array.from({ length: rows }, (_, row) => value(row));
  return {
    open: of((row) => wave(row - 1)),
    high: of((row) => Math.max(wave(row), wave(row - 1)) + 1),
    low: of((row) => Math.min(wave(row), wave(row - 1)) - 1),
    close: of(wave),
    volume: of((row) => 1000 + (row % 17)),
  };
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

describe('a bundle of indicators', () => {
  it('gives a column per output, as long as the candles, missing while warming up', () => {
    const columns = bundle(candles(), SPEC);
    const expected = bundleColumns(SPEC);
    expect([...columns.keys()]).to.deep.equal(expected.map((column) => column.heading));
    for (const { heading, lookback: rows } of expected) {
      const values = columns.get(heading) ?? new Float64Array(0);
      expect(values.length).to.equal(ROWS);
      expect(values.findIndex((value) => !Number.isNaN(value))).to.equal(rows);
    }
    expect(lookback(SPEC)).to.equal(33);
    expect(bundleInputs('rsi(14),midprice(3)')).to.deep.equal(['high', 'low', 'close']);
  });

  it('writes the same into an array of the caller', () => {
    const columns = bundle(candles(), SPEC);
    const out = new Float64Array(columns.size * ROWS);
    bundleInto(candles(), SPEC, out);
    expect(out).to.deep.equal(Float64Array.from([...columns.values()].flatMap((column) => [...column])));
  });

  it('gives the same on another thread, from the candles as they were at the call', async () => {
    const input = candles();
    const promise = bundleAsync(input, SPEC);
    input.close.fill(1);
    expect(await promise).to.deep.equal(bundle(candles(), SPEC));
  });

  it('ends with CANCELLED when cancelled before or while it runs', async () => {
    const codes: string[] = [];
    const note = (error: unknown): void => {
      codes.push(ServiceError.from(error).code);
    };
    await bundleAsync(candles(), SPEC, { signal: AbortSignal.abort() }).catch(note);
    const controller = new AbortController();
    // Long enough that no thread is through with it before the next line.
    const running = bundleAsync(candles(500_000), SPEC, { signal: controller.signal });
    controller.abort();
    await running.catch(note);
    expect(codes).to.deep.equal(['CANCELLED', 'CANCELLED']);
  });

  it('is the same row by row, through a snapshot', () => {
    const whole = bundle(candles(), SPEC);
    const all = candles();
    let stream = new IndicatorStream(SPEC);
    for (let row = 0; row < ROWS; row += 1) {
      if (row === 100) stream = IndicatorStream.restore(stream.snapshot());
      const one = Object.fromEntries(
        Object.entries(all).map(([name, column]) => [name, column.subarray(row, row + 1)]),
      );
      for (const [heading, values] of stream.push(one)) {
        expect(values[0], `${heading} row ${row}`).to.deep.equal(whole.get(heading)?.[row]);
      }
    }
  });

  it('refuses what it cannot work with, naming it', () => {
    const input = candles();
    const detached = new Float64Array(4);
    structuredClone(detached.buffer, { transfer: [detached.buffer] });
    const cases: [string, () => unknown][] = [
      ['spec', () => bundle(input, 'nothing(3)')],
      ['spec', () => bundle(input, 7 as unknown as string)],
      ['rsi.period', () => bundle(input, 'rsi(0)')],
      ['candles', () => bundle(null as unknown as IndicatorCandles, SPEC)],
      ['close', () => bundle({}, 'rsi(14)')],
      ['close', () => bundle({ close: [1, 2] as unknown as Float64Array }, 'rsi(14)')],
      ['close', () => bundle({ close: detached }, 'rsi(14)')],
      ['low', () => bundle({ ...input, low: new Float64Array(3) }, 'midprice(3)')],
      ['close[1]', () => bundle({ close: Float64Array.of(1, Number.POSITIVE_INFINITY) }, 'rsi(14)')],
      ['out', () => bundleInto(input, 'rsi(14)', new Float64Array(3))],
      ['out', () => bundleInto(input, 'rsi(14)', input.close)],
      ['out', () => bundleInto(input, 'rsi(14)', new Float64Array(new SharedArrayBuffer(8 * ROWS)))],
    ];
    for (const [field, call] of cases) {
      const error = refusal(call);
      expect(error.code, error.message).to.equal('INVALID_ARGUMENT');
      expect(error.field).to.equal(field);
    }
    expect(refusal(() => IndicatorStream.restore(new Uint8Array(50))).code).to.equal('DATA_LOSS');
  });
});

describe('every indicator', () => {
  const all = { ...candles(), timeMs: Float64Array.from({ length: ROWS }, (_, row) => row * 3_600_000) };

  it('is the same in pieces of any length, through snapshots, on another thread and in the caller’s array', async () => {
    for (const { name } of listIndicators()) {
      const whole = bundle(all, name);
      const pieces = new Map([...whole.keys()].map((heading) => [heading, new Float64Array(ROWS)]));
      let stream = new IndicatorStream(name);
      for (let row = 0, rows = 1; row < ROWS; row += rows, rows = (rows * 3) % 17) {
        stream = IndicatorStream.restore(stream.snapshot());
        const piece = Object.fromEntries(
          Object.entries(all).map(([column, values]) => [column, values.subarray(row, row + rows)]),
        );
        for (const [heading, values] of stream.push(piece)) pieces.get(heading)?.set(values, row);
      }
      const out = new Float64Array(whole.size * ROWS);
      bundleInto(all, name, out);
      expect(pieces, name).to.deep.equal(whole);
      expect(await bundleAsync(all, name), name).to.deep.equal(whole);
      expect(out, name).to.deep.equal(Float64Array.from([...whole.values()].flatMap((v) => [...v])));
    }
  }).timeout(60_000);
});

describe('the catalogue', () => {
  it('lists at least eighty indicators, each of which can be computed', () => {
    const all = listIndicators();
    expect(all.length).to.be.at.least(80);
    const timeMs = Float64Array.from({ length: ROWS }, (_, row) => row * 3_600_000);
    for (const { name, outputs } of all) {
      expect(bundle({ ...candles(), timeMs }, name).size, name).to.equal(outputs.length);
    }
  });
});

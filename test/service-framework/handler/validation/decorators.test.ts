import { expect } from 'chai';
import { validateSync } from 'class-validator';
import fc from 'fast-check';
import {
  type ColumnOptions,
  compileValidator,
  IsColumn,
  IsFiniteNumber,
  IsNumberMap,
  IsUnixMs,
  MAX_COLUMN_LENGTH,
  type NumberRange,
  Uint8Column,
} from '#conclave/service-framework/index.js';
import { refusalOf } from '../../../support/thrown.js';

/** A class with one field `x`, decorated. */
function single(decorate: PropertyDecorator): new () => { x: unknown } {
  class Single {
    x: unknown;
  }
  decorate(Single.prototype, 'x');
  return Single;
}

/** Where the field's check stumbles; undefined when it passes. Stock class-validator must agree. */
function stumble(decorate: PropertyDecorator): (x: unknown) => string | undefined {
  const dtoClass = single(decorate);
  const validator = compileValidator(dtoClass);
  return (x) => {
    const stock = validateSync(Object.assign(new dtoClass(), { x }));
    try {
      validator.validate({ x });
    } catch {
      expect(stock, 'errors of validateSync').to.have.length(1);
      return refusalOf(() => validator.validate({ x })).field;
    }
    expect(stock, 'errors of validateSync').to.have.length(0);
    return undefined;
  };
}

const column = (options?: ColumnOptions): ((x: unknown) => string | undefined) => stumble(IsColumn(options));

describe('IsColumn', () => {
  it('takes every kind of column and arrays of numbers as Float64Array', () => {
    const validator = compileValidator(single(IsColumn()));
    const kinds = [
      Float64Array.of(1, 2),
      Float32Array.of(1, 2),
      Int32Array.of(1, 2),
      BigInt64Array.of(1n, 2n),
      new Uint8Column(Uint8Array.of(1, 2)),
      [1, 2],
    ];
    for (const x of kinds) expect(validator.validate({ x }).x).to.deep.equal(Float64Array.of(1, 2));
  });

  it('refuses what is no column, and elements that are no numbers', () => {
    const at = column();
    for (const x of [undefined, null, 1, 'x', {}, new Uint8Array(2), { length: 2 }])
      expect(at(x)).to.equal('x');
    expect(at([1, null])).to.equal('x[1]');
    expect(at(['1'])).to.equal('x[0]');
    expect(at(BigInt64Array.of(0n, 2n ** 53n))).to.equal('x[1]');
  });

  it('refuses NaN and infinities unless allowed, and then asks nothing more of them', () => {
    for (const number of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      expect(column()(Float64Array.of(0, number))).to.equal('x[1]');
      expect(
        column({ allowNonFinite: true, positive: true, integer: true, oneOf: [5] })(
          Float64Array.of(5, number),
        ),
      ).to.equal(undefined);
      expect(column({ allowNonFinite: true, positive: true })(Float64Array.of(number, -1))).to.equal('x[1]');
    }
  });

  it('holds lengths, ranges, order and lists', () => {
    expect(column({ minLength: 2 })([1])).to.equal('x');
    expect(column({ maxLength: 2 })([1, 2, 3])).to.equal('x');
    expect(column()(new Float64Array(MAX_COLUMN_LENGTH + 1))).to.equal('x');
    expect(column({ positive: true })([1, 0])).to.equal('x[1]');
    expect(column({ positive: true })([Number.MIN_VALUE])).to.equal(undefined);
    expect(column({ nonNegative: true })([0, -0, -1])).to.equal('x[2]');
    expect(column({ min: -2, max: 2 })([-2, 2, 2.5])).to.equal('x[2]');
    expect(column({ strictlyIncreasing: true })([1, 2, 2])).to.equal('x[2]');
    expect(column({ nonDecreasing: true })([1, 2, 2, 1])).to.equal('x[3]');
    expect(column({ strictlyDecreasing: true })([2, 1, 1])).to.equal('x[2]');
    expect(column({ integer: true })([1, 2 ** 53])).to.equal('x[1]');
    expect(column({ oneOf: [1, -1] })([1, -1, 0])).to.equal('x[2]');
  });

  it('finds the first element out of order, wherever it is', () => {
    const at = column({ strictlyIncreasing: true });
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 50 })), (values) => {
        const first = values.findIndex((value, i) => i > 0 && value <= (values[i - 1] as number));
        expect(at(values)).to.equal(first < 0 ? undefined : `x[${first}]`);
      }),
    );
  });
});

describe('IsFiniteNumber', () => {
  it('takes numbers within its range and nothing else', () => {
    const at = (range: NumberRange, x: unknown): string | undefined => stumble(IsFiniteNumber(range))(x);
    for (const x of [undefined, null, '1', 1n, [1], {}, true, Number.NaN, Number.POSITIVE_INFINITY])
      expect(at({}, x)).to.equal('x');
    for (const x of [0, -0, 1e308, -Number.MAX_VALUE]) expect(at({}, x)).to.equal(undefined);
    expect(at({ min: 0, max: 1 }, 1)).to.equal(undefined);
    for (const x of [-0.1, 1.1]) expect(at({ min: 0, max: 1 }, x)).to.equal('x');
    expect(at({ min: 1 }, 0)).to.equal('x');
    expect(at({ max: 1 }, 2)).to.equal('x');
  });
});

describe('IsUnixMs', () => {
  it('takes whole milliseconds that a Date can hold', () => {
    const at = stumble(IsUnixMs());
    for (const x of [0, 1.7e12, 8.64e15]) expect(at(x)).to.equal(undefined);
    for (const x of [-1, 0.5, 8.64e15 + 1, Number.NaN, '0', null, new Date()]) expect(at(x)).to.equal('x');
  });
});

describe('IsNumberMap', () => {
  it('takes maps of finite numbers, not too many', () => {
    const at = stumble(IsNumberMap({ maxKeys: 2, min: 0 }));
    expect(at({})).to.equal(undefined);
    expect(at({ a: 1, b: 2 })).to.equal(undefined);
    expect(at({ a: 1, b: 2, c: 3 })).to.equal('x');
    expect(at({ a: 1, b: -1 })).to.equal('x.b');
    expect(at({ a: Number.NaN })).to.equal('x.a');
    expect(at(JSON.parse('{"__proto__":1}'))).to.equal('x.__proto__');
    for (const x of [undefined, null, 1, [], Float64Array.of(1)]) expect(at(x)).to.equal('x');
  });
});

import { expect } from 'chai';
import fc from 'fast-check';
import { type ColumnOptions, compileValidator, IsColumn } from '#conclave/service-framework/index.js';

/** What the options say, element by element. */
function allows(options: ColumnOptions, column: Float64Array): boolean {
  const { minLength = 0, maxLength = 1_000_000, min, max, oneOf } = options;
  if (column.length < minLength || column.length > maxLength) return false;
  return column.every((element, i) => {
    const before = column[i - 1];
    if (before !== undefined) {
      if (options.strictlyIncreasing && element <= before) return false;
      if (options.nonDecreasing && !options.strictlyIncreasing && element < before) return false;
      if (options.strictlyDecreasing && element >= before) return false;
    }
    if (!Number.isFinite(element)) return options.allowNonFinite === true;
    if (options.positive && element <= 0) return false;
    if (options.nonNegative && element < 0) return false;
    if ((min !== undefined && element < min) || (max !== undefined && element > max)) return false;
    if (options.integer && !Number.isSafeInteger(element)) return false;
    return oneOf === undefined || oneOf.includes(element);
  });
}

const bound = fc.constantFrom(-2, -0.5, 0, 0.5, 1, 3);
const few = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(value, { nil: undefined, freq: 3 });
const flag = fc.oneof(
  { weight: 4, arbitrary: fc.constant(false) },
  { weight: 1, arbitrary: fc.constant(true) },
);

const anyOptions: fc.Arbitrary<ColumnOptions> = fc
  .record({
    minLength: few(fc.nat(3)),
    maxLength: few(fc.integer({ min: 5, max: 40 })),
    min: few(bound),
    max: few(bound),
    oneOf: few(fc.uniqueArray(bound, { minLength: 1, maxLength: 3 })),
    strictlyIncreasing: flag,
    nonDecreasing: flag,
    strictlyDecreasing: flag,
    positive: flag,
    nonNegative: flag,
    integer: flag,
    allowNonFinite: flag,
  })
  .map((options) => {
    // What is not asked for is left out, as in a DTO.
    const given = Object.entries(options).filter(([, value]) => value !== undefined && value !== false);
    return Object.fromEntries(given) as ColumnOptions;
  });

const ordinary = fc.oneof(bound, fc.double({ noNaN: true, noDefaultInfinity: true }), fc.constant(-0));
const extreme = fc.constantFrom(
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  Number.MAX_VALUE,
  -Number.MAX_VALUE,
  Number.MIN_VALUE,
);

/** Mostly good columns, so that a check is told apart from one that refuses everything. */
const anyColumn = fc
  .record({
    elements: fc.array(ordinary, { maxLength: 48 }),
    order: fc.constantFrom<-1 | 0 | 1>(-1, 0, 1),
    same: few(bound),
    at: fc.nat(47),
    odd: few(extreme),
  })
  .map(({ elements, order, same, at, odd }) => {
    const column = Float64Array.from(elements, (element) => same ?? element);
    if (order !== 0 && same === undefined) column.sort((a, b) => (a - b) * order);
    if (odd !== undefined && at < column.length) column[at] = odd;
    return column;
  });

describe('checks of a column', () => {
  it('let pass what their options say, and nothing else', () => {
    fc.assert(
      fc.property(anyOptions, fc.array(anyColumn, { minLength: 1, maxLength: 8 }), (options, columns) => {
        class Payload {
          series!: Float64Array;
        }
        IsColumn(options)(Payload.prototype, 'series');
        const validator = compileValidator(Payload);
        for (const series of columns) {
          let passed = true;
          try {
            validator.validate({ series });
          } catch {
            passed = false;
          }
          expect(passed, `${JSON.stringify(options)}: ${[...series].join()}`).to.equal(
            allows(options, series),
          );
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it('let pass elements whose sum is not finite', () => {
    class Payload {
      @IsColumn({ positive: true }) series!: Float64Array;
    }
    const series = new Float64Array(9).fill(Number.MAX_VALUE);
    expect(compileValidator(Payload).validate({ series }).series).to.equal(series);
  });
});

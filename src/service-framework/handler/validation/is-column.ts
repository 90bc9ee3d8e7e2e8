import type { ValidationOptions } from 'class-validator';
import { quickCheckOf } from './column-checks.js';
import type { ColumnOptions } from './column-options.js';
import { columnLength, toFloat64 } from './column-values.js';
import type { JsonSchema } from './json-schema.js';
import { type Problem, Rule, ruleDecorator } from './rule.js';

export type { ColumnOptions };

/** Longest column accepted where a field does not say. */
export const MAX_COLUMN_LENGTH = 1_000_000;

/**
 * A series of numbers: `Float64Array`, any other column type or a plain array of numbers, which all
 * become a `Float64Array` (one that came as such is kept, not copied).
 */
export function IsColumn(options: ColumnOptions = {}, validation?: ValidationOptions): PropertyDecorator {
  return ruleDecorator(new ColumnRule(options), validation);
}

class ColumnRule extends Rule {
  readonly name = 'isColumn';
  override readonly judgesFinite = true;
  readonly #minLength: number;
  readonly #maxLength: number;
  readonly #min: number;
  readonly #max: number;
  readonly #range: string;
  readonly #quickCheck: ((column: Float64Array) => boolean) | undefined;

  constructor(private readonly options: ColumnOptions) {
    super();
    this.#minLength = options.minLength ?? 0;
    this.#maxLength = options.maxLength ?? MAX_COLUMN_LENGTH;
    // The smallest number above 0, so that one comparison serves every kind of lower bound.
    const floor = options.positive ? Number.MIN_VALUE : options.nonNegative ? 0 : -Number.MAX_VALUE;
    this.#min = Math.max(floor, options.min ?? floor);
    this.#max = options.max ?? Number.MAX_VALUE;
    this.#range = rangeText(options);
    this.#quickCheck = quickCheckOf(options, this.#min, this.#max);
  }

  override convert(value: unknown): unknown {
    const length = columnLength(value);
    // What is too long is refused as it is, without a copy.
    if (length < 0 || length > this.#maxLength) return value;
    const column = toFloat64(value);
    return column instanceof Float64Array ? column : value;
  }

  problem(value: unknown): Problem | undefined {
    if (value instanceof Float64Array && this.#accepts(value)) return undefined;
    const length = columnLength(value);
    if (length > this.#maxLength) return { actual: value, allowed: `at most ${this.#maxLength} elements` };
    const column = toFloat64(value);
    if (!(column instanceof Float64Array)) return column;
    if (length < this.#minLength) return { actual: value, allowed: `at least ${this.#minLength} elements` };
    return this.#outOfRange(column) ?? this.#unordered(column) ?? this.#unlisted(column);
  }

  schema(): JsonSchema {
    const { options } = this;
    return {
      type: 'array',
      items: {
        type: options.integer ? 'integer' : 'number',
        ...(options.positive ? { exclusiveMinimum: 0 } : {}),
        ...(options.nonNegative ? { minimum: 0 } : {}),
        ...(options.min === undefined ? {} : { minimum: options.min }),
        ...(options.max === undefined ? {} : { maximum: options.max }),
        ...(options.oneOf === undefined ? {} : { enum: options.oneOf }),
      },
      ...(this.#minLength > 0 ? { minItems: this.#minLength } : {}),
      maxItems: this.#maxLength,
      'x-column': 'float64',
      ...orderSchema(options),
    };
  }

  /** What can be told in one quick pass; of what it does not accept the other checks find what is wrong, if anything. */
  #accepts(column: Float64Array): boolean {
    const { length } = column;
    return length >= this.#minLength && length <= this.#maxLength && this.#quickCheck?.(column) === true;
  }

  #outOfRange(column: Float64Array): Problem | undefined {
    const min = this.#min;
    const max = this.#max;
    const lenient = this.options.allowNonFinite === true;
    const { length } = column;
    for (let i = 0; i < length; i++) {
      const element = column[i] as number;
      // NaN fails every comparison.
      if (element >= min && element <= max) continue;
      if (lenient && !Number.isFinite(element)) continue;
      return { at: `[${i}]`, actual: element, allowed: this.#range };
    }
    return undefined;
  }

  #unordered(column: Float64Array): Problem | undefined {
    const { strictlyIncreasing, nonDecreasing, strictlyDecreasing } = this.options;
    if (strictlyIncreasing) {
      for (let i = 1, before = column[0] as number; i < column.length; i++) {
        const element = column[i] as number;
        if (element <= before) return outOfOrder(column, i, 'above');
        before = element;
      }
    } else if (nonDecreasing) {
      for (let i = 1, before = column[0] as number; i < column.length; i++) {
        const element = column[i] as number;
        if (element < before) return outOfOrder(column, i, 'at least');
        before = element;
      }
    }
    if (strictlyDecreasing) {
      for (let i = 1, before = column[0] as number; i < column.length; i++) {
        const element = column[i] as number;
        if (element >= before) return outOfOrder(column, i, 'below');
        before = element;
      }
    }
    return undefined;
  }

  #unlisted(column: Float64Array): Problem | undefined {
    const { integer, oneOf, allowNonFinite } = this.options;
    if (!integer && !oneOf) return undefined;
    // Lists are short, and searching one for every element is not.
    const [first, second] = integer ? [] : (oneOf ?? []);
    for (let i = 0; i < column.length; i++) {
      const element = column[i] as number;
      if (element === first || element === second) continue;
      if (allowNonFinite && !Number.isFinite(element)) continue;
      if (integer && !Number.isSafeInteger(element))
        return { at: `[${i}]`, actual: element, allowed: 'a whole number within ±(2^53 - 1)' };
      if (oneOf && !oneOf.includes(element))
        return { at: `[${i}]`, actual: element, allowed: `one of ${oneOf.join(', ')}` };
    }
    return undefined;
  }
}

function outOfOrder(column: Float64Array, index: number, relation: string): Problem {
  return {
    at: `[${index}]`,
    actual: column[index],
    allowed: `${relation} ${column[index - 1]}, the element before it`,
  };
}

function rangeText(options: ColumnOptions): string {
  const parts = ['a finite number'];
  if (options.positive) parts.push('above 0');
  if (options.nonNegative) parts.push('of at least 0');
  if (options.min !== undefined) parts.push(`of at least ${options.min}`);
  if (options.max !== undefined) parts.push(`of at most ${options.max}`);
  return parts.join(', ');
}

function orderSchema(options: ColumnOptions): JsonSchema {
  if (options.strictlyIncreasing) return { 'x-order': 'strictlyIncreasing' };
  if (options.nonDecreasing) return { 'x-order': 'nonDecreasing' };
  return options.strictlyDecreasing ? { 'x-order': 'strictlyDecreasing' } : {};
}

import type { ValidationOptions } from 'class-validator';
import { isForbiddenKey } from '../../protocol/index.js';
import type { JsonSchema } from './json-schema.js';
import { type Problem, Rule, ruleDecorator } from './rule.js';

export interface NumberRange {
  /** Smallest value accepted. */
  readonly min?: number;
  /** Largest value accepted. */
  readonly max?: number;
}

/** A number that is neither NaN nor infinite. */
export function IsFiniteNumber(range: NumberRange = {}, validation?: ValidationOptions): PropertyDecorator {
  return ruleDecorator(new FiniteNumberRule(range), validation);
}

/** Unix milliseconds, UTC: a whole number that a Date can hold. */
export function IsUnixMs(validation?: ValidationOptions): PropertyDecorator {
  return ruleDecorator(new UnixMsRule(), validation);
}

export interface NumberMapOptions extends NumberRange {
  /** Most entries accepted; default 256. */
  readonly maxKeys?: number;
}

/** A map from names to finite numbers. */
export function IsNumberMap(
  options: NumberMapOptions = {},
  validation?: ValidationOptions,
): PropertyDecorator {
  return ruleDecorator(new NumberMapRule(options), validation);
}

class FiniteNumberRule extends Rule {
  readonly name = 'isFiniteNumber';
  override readonly judgesFinite = true;
  readonly #min: number;
  readonly #max: number;

  constructor(private readonly range: NumberRange) {
    super();
    this.#min = range.min ?? -Number.MAX_VALUE;
    this.#max = range.max ?? Number.MAX_VALUE;
  }

  problem(value: unknown): Problem | undefined {
    if (typeof value === 'number' && value >= this.#min && value <= this.#max) return undefined;
    return { actual: value, allowed: rangeText(this.range) };
  }

  schema(): JsonSchema {
    return { type: 'number', ...rangeSchema(this.range) };
  }
}

/** The largest time a Date can hold, in milliseconds. */
const LAST_UNIX_MS = 8.64e15;

class UnixMsRule extends Rule {
  readonly name = 'isUnixMs';
  override readonly judgesFinite = true;

  problem(value: unknown): Problem | undefined {
    if (Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= LAST_UNIX_MS)
      return undefined;
    return { actual: value, allowed: 'Unix milliseconds, a whole number of at least 0' };
  }

  schema(): JsonSchema {
    return { type: 'integer', minimum: 0, maximum: LAST_UNIX_MS, description: 'Unix milliseconds, UTC' };
  }
}

const DEFAULT_MAX_KEYS = 256;

class NumberMapRule extends Rule {
  readonly name = 'isNumberMap';
  override readonly judgesFinite = true;
  readonly #maxKeys: number;
  readonly #element: FiniteNumberRule;

  constructor(private readonly options: NumberMapOptions) {
    super();
    this.#maxKeys = options.maxKeys ?? DEFAULT_MAX_KEYS;
    this.#element = new FiniteNumberRule(options);
  }

  problem(value: unknown): Problem | undefined {
    if (!isPlainMap(value)) return { actual: value, allowed: 'a map of numbers' };
    const keys = Object.keys(value);
    if (keys.length > this.#maxKeys)
      return { actual: keys.length, allowed: `at most ${this.#maxKeys} entries` };
    for (const key of keys) {
      if (isForbiddenKey(key)) return { at: `.${key}`, actual: key, allowed: 'another key than this one' };
      const problem = this.#element.problem(value[key]);
      if (problem) return { at: `.${key}`, ...problem };
    }
    return undefined;
  }

  schema(): JsonSchema {
    return {
      type: 'object',
      additionalProperties: { type: 'number', ...rangeSchema(this.options) },
      maxProperties: this.#maxKeys,
    };
  }
}

function isPlainMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value);
}

function rangeText({ min, max }: NumberRange): string {
  if (min !== undefined && max !== undefined) return `a finite number from ${min} to ${max}`;
  if (min !== undefined) return `a finite number of at least ${min}`;
  if (max !== undefined) return `a finite number of at most ${max}`;
  return 'a finite number';
}

function rangeSchema({ min, max }: NumberRange): JsonSchema {
  return { ...(min === undefined ? {} : { minimum: min }), ...(max === undefined ? {} : { maximum: max }) };
}

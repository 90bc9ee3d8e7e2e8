import {
  getMetadataStorage,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsNumber,
  IsString,
  Length,
  Matches,
  Max,
  MaxLength,
  Min,
  MinLength,
  type ValidationArguments,
  type ValidationOptions,
  type ValidatorConstraintInterface,
} from 'class-validator';
import type { Metadata } from './field-metadata.js';

/** Accepts most of what a constraint accepts, and nothing that it refuses. */
export type QuickAccept = (value: unknown) => boolean;

/** One of class-validator's own constraints: its decorator, and what of its work takes no time. */
interface QuickConstraint {
  /** With any parameters: the constraint is told them each time. */
  decorator(options: ValidationOptions): PropertyDecorator;
  /** @returns undefined for constraints that leave no short way */
  accept(constraints: readonly unknown[]): QuickAccept | undefined;
}

const QUICK: Readonly<Record<string, QuickConstraint>> = {
  isString: {
    decorator: (options) => IsString(options),
    accept: () => (value) => typeof value === 'string',
  },
  isBoolean: {
    decorator: (options) => IsBoolean(options),
    accept: () => (value) => value === true || value === false,
  },
  isInt: { decorator: (options) => IsInt(options), accept: () => Number.isInteger },
  isArray: { decorator: (options) => IsArray(options), accept: () => Array.isArray },
  isNumber: {
    decorator: (options) => IsNumber({}, options),
    accept: ([numbers]) =>
      (numbers as { maxDecimalPlaces?: number } | undefined)?.maxDecimalPlaces === undefined
        ? Number.isFinite
        : undefined,
  },
  isIn: {
    decorator: (options) => IsIn([], options),
    accept: ([values]) => (Array.isArray(values) ? (value) => values.indexOf(value) >= 0 : undefined),
  },
  min: {
    decorator: (options) => Min(0, options),
    accept: ([least]) =>
      typeof least === 'number' ? (value) => typeof value === 'number' && value >= least : undefined,
  },
  max: {
    decorator: (options) => Max(0, options),
    accept: ([most]) =>
      typeof most === 'number' ? (value) => typeof value === 'number' && value <= most : undefined,
  },
  isLength: {
    decorator: (options) => Length(0, 0, options),
    accept: ([least, most]) => lengthBetween(least, most),
  },
  minLength: {
    decorator: (options) => MinLength(0, options),
    accept: ([least]) => lengthBetween(least, undefined),
  },
  maxLength: {
    decorator: (options) => MaxLength(0, options),
    accept: ([most]) => lengthBetween(0, most),
  },
  matches: {
    decorator: (options) => Matches(/^/, options),
    accept: ([pattern]) => matching(pattern),
  },
};

/**
 * A short way to the verdict of a constraint that is class-validator's own: its code makes an object and asks one or
 * two regular expressions for each value. Whether it is its own is found out by trying, because whoever writes a
 * constraint may give it any name; undefined where it is not.
 */
export function quickAcceptOf(
  { constraints = [], each }: Metadata,
  name: string | undefined,
  constraint: ValidatorConstraintInterface,
): QuickAccept | undefined {
  const quick = name !== undefined && Object.hasOwn(QUICK, name) ? QUICK[name] : undefined;
  const accept = quick?.accept(constraints);
  if (!quick || !accept) return undefined;
  const own = ownConstraint(name as string, quick, each === true);
  return own !== undefined && behaveAlike(own, constraint, constraints) ? accept : undefined;
}

/** Class-validator's own constraints, by name and whether they are for each element. */
const OWN = new Map<string, ValidatorConstraintInterface>();

function ownConstraint(
  name: string,
  { decorator }: QuickConstraint,
  each: boolean,
): ValidatorConstraintInterface | undefined {
  const key = `${name} ${each}`;
  const known = OWN.get(key);
  if (known) return known;
  // What is once in class-validator's storage stays there, and is gone through for every class.
  class Probe {}
  decorator({ each })(Probe.prototype, 'value');
  const storage = getMetadataStorage();
  const [metadata] = storage.getTargetValidationMetadatas(Probe, '', false, false);
  const [found] = metadata ? storage.getTargetValidatorConstraints(metadata.constraintCls) : [];
  if (found) OWN.set(key, found.instance);
  return found?.instance;
}

/**
 * Values that tell constraints apart, beside those that their own parameters suggest. The texts are short: a pattern
 * may take a time that grows with every character by a factor.
 */
const PROBES: readonly unknown[] = [
  ...['', 'a', 'A', 'ab1', '0', 'BTC/USDT', 'x'.repeat(12), 'é', '👍', '❤️', ' ', '\n', 'true'],
  ...[0, -0, 1, -1, 0.5, 1.25, 1e9, 1e21, -1e9, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53],
  ...[undefined, null, true, false, 1n, Symbol.iterator],
  ...[[], ['a'], [1], {}, { length: 3 }, new Date(0), new Set(), new Map(), new String('a'), new Number(1)],
];
/** Up to this bound texts are tried that are as long as it. */
const LONGEST_PROBE = 10_000;

function behaveAlike(
  one: ValidatorConstraintInterface,
  other: ValidatorConstraintInterface,
  constraints: readonly unknown[],
): boolean {
  const argsFor = (value: unknown): ValidationArguments => {
    return { value, constraints: [...constraints], targetName: 'Probe', object: {}, property: 'value' };
  };
  if (one.defaultMessage?.(argsFor('a')) !== other.defaultMessage?.(argsFor('a'))) return false;
  return [...PROBES, ...constraints.flatMap(around), ...constraints.flat()].every((value) => {
    const args = argsFor(value);
    return outcome(() => one.validate(value, args)) === outcome(() => other.validate(value, args));
  });
}

/** What lies at a bound and on both sides of it. */
function around(bound: unknown): unknown[] {
  if (typeof bound !== 'number') return [];
  const numbers = [bound - 1, bound, bound + 1];
  const lengths = numbers.filter((length) => length >= 0 && length <= LONGEST_PROBE);
  return [...numbers, ...lengths.map((length) => 'x'.repeat(length))];
}

function outcome(run: () => unknown): unknown {
  try {
    return run();
  } catch {
    return THREW;
  }
}

const THREW = Symbol('threw');

/** Above this many characters a loop over them is no shorter way. */
const SHORT = 128;

/** Of ASCII the length is the number of characters as class-validator counts them. */
function lengthBetween(least: unknown, most: unknown): QuickAccept | undefined {
  if (typeof least !== 'number' || (most !== undefined && typeof most !== 'number')) return undefined;
  return rememberingTexts((text) => {
    const { length } = text;
    if (length > SHORT || !(length >= least) || !(most === undefined || length <= most)) return false;
    for (let i = 0; i < length; i++) if (text.charCodeAt(i) > 0x7f) return false;
    return true;
  });
}

function matching(pattern: unknown): QuickAccept | undefined {
  // One with `g` or `y` remembers where it was; one with an `exec` of its own may do anything.
  if (!(pattern instanceof RegExp) || pattern.global || pattern.sticky || Object.hasOwn(pattern, 'exec'))
    return undefined;
  return rememberingTexts((text) => pattern.test(text));
}

/** The same symbol or version comes with every request. */
function rememberingTexts(accepts: (text: string) => boolean): QuickAccept {
  let last: string | undefined;
  return (value) => {
    if (typeof value !== 'string') return false;
    if (value === last) return true;
    if (!accepts(value)) return false;
    // Who is checked shall not decide how much is kept.
    if (value.length <= SHORT) last = value;
    return true;
  };
}

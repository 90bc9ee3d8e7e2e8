import type { JsonSchema } from './json-schema.js';

/** What is known about one of class-validator's own constraints. */
export interface KnownConstraint {
  /** What it accepts, after "must be". */
  allowed(constraints: readonly unknown[]): string;
  schema(constraints: readonly unknown[]): JsonSchema;
}

function known(allowed: string, schema: JsonSchema): KnownConstraint {
  return { allowed: () => allowed, schema: () => schema };
}

function counted(allowed: (count: number) => string, schema: (count: number) => JsonSchema): KnownConstraint {
  return { allowed: ([count]) => allowed(count as number), schema: ([count]) => schema(count as number) };
}

const LENGTH: KnownConstraint = {
  allowed: ([min, max]) =>
    max === undefined ? `a string of at least ${min} characters` : `a string of ${min} to ${max} characters`,
  schema: ([min, max]) => ({
    type: 'string',
    minLength: min as number,
    ...(max === undefined ? {} : { maxLength: max as number }),
  }),
};

/** Values of an enum object or list. */
function members(constraint: unknown): readonly unknown[] {
  if (Array.isArray(constraint)) return constraint;
  return typeof constraint === 'object' && constraint !== null ? Object.values(constraint) : [];
}

function listed(values: readonly unknown[]): string {
  return `one of ${values.map((value) => JSON.stringify(value)).join(', ')}`;
}

const ONE_OF: KnownConstraint = {
  allowed: ([values]) => listed(members(values)),
  schema: ([values]) => ({ enum: members(values) }),
};

const MATCHES: KnownConstraint = {
  allowed: ([pattern]) => `a string that matches ${String(pattern)}`,
  schema: ([pattern]) => ({
    type: 'string',
    pattern: pattern instanceof RegExp ? pattern.source : String(pattern),
  }),
};

/** By the name class-validator gives the constraint; the others speak through their own messages. */
const KNOWN: Readonly<Record<string, KnownConstraint>> = {
  isDefined: known('given', {}),
  isString: known('a string', { type: 'string' }),
  isNumber: known('a finite number', { type: 'number' }),
  isInt: known('a whole number', { type: 'integer' }),
  isBoolean: known('true or false', { type: 'boolean' }),
  isArray: known('an array', { type: 'array' }),
  isObject: known('a map', { type: 'object' }),
  isNotEmpty: known('not empty', {}),
  isPositive: known('a number above 0', { type: 'number', exclusiveMinimum: 0 }),
  isNegative: known('a number below 0', { type: 'number', exclusiveMaximum: 0 }),
  min: counted(
    (min) => `a number of at least ${min}`,
    (minimum) => ({ minimum }),
  ),
  max: counted(
    (max) => `a number of at most ${max}`,
    (maximum) => ({ maximum }),
  ),
  isDivisibleBy: counted(
    (step) => `a multiple of ${step}`,
    (multipleOf) => ({ multipleOf }),
  ),
  isLength: LENGTH,
  minLength: counted(
    (min) => `a string of at least ${min} characters`,
    (minLength) => ({ type: 'string', minLength }),
  ),
  maxLength: counted(
    (max) => `a string of at most ${max} characters`,
    (maxLength) => ({ type: 'string', maxLength }),
  ),
  arrayMinSize: counted(
    (min) => `an array of at least ${min}`,
    (minItems) => ({ type: 'array', minItems }),
  ),
  arrayMaxSize: counted(
    (max) => `an array of at most ${max}`,
    (maxItems) => ({ type: 'array', maxItems }),
  ),
  arrayNotEmpty: known('an array that is not empty', { type: 'array', minItems: 1 }),
  arrayUnique: known('an array without repetitions', { type: 'array', uniqueItems: true }),
  isIn: ONE_OF,
  isEnum: ONE_OF,
  equals: {
    allowed: ([value]) => JSON.stringify(value),
    schema: ([value]) => ({ const: value }),
  },
  matches: MATCHES,
  isUuid: known('a UUID', { type: 'string', format: 'uuid' }),
  isUrl: known('a URL', { type: 'string', format: 'uri' }),
  isEmail: known('an e-mail address', { type: 'string', format: 'email' }),
  isIso8601: known('an ISO 8601 date', { type: 'string', format: 'date-time' }),
};

/** What is known about a constraint of this name. */
export function knownConstraint(name: string | undefined): KnownConstraint | undefined {
  return name !== undefined && Object.hasOwn(KNOWN, name) ? KNOWN[name] : undefined;
}

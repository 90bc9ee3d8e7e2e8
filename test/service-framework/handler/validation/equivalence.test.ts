import { expect } from 'chai';
import { plainToInstance, Type } from 'class-transformer';
import {
  Allow,
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  Equals,
  IsArray,
  IsBoolean,
  IsDefined,
  IsEnum,
  IsIn,
  IsInt,
  IsNotEmpty,
  IsNumber,
  IsObject,
  IsOptional,
  IsPositive,
  IsString,
  Length,
  Matches,
  Max,
  MaxLength,
  Min,
  ValidateIf,
  ValidateNested,
  validateSync,
} from 'class-validator';
import fc from 'fast-check';
import { ServiceError } from '#conclave/runtime/index.js';
import {
  Check,
  compileValidator,
  type DtoClass,
  IsColumn,
  IsFiniteNumber,
  IsNumberMap,
  IsUnixMs,
  SameLengthAs,
} from '#conclave/service-framework/index.js';

/** Decorators that mark one field, by the text a failing run prints. */
const RULES: Readonly<Record<string, () => PropertyDecorator>> = {
  string: () => IsString(),
  strings: () => IsString({ each: true }),
  int: () => IsInt(),
  number: () => IsNumber(),
  numbers: () => IsNumber({}, { each: true }),
  boolean: () => IsBoolean(),
  array: () => IsArray(),
  object: () => IsObject(),
  defined: () => IsDefined(),
  notEmpty: () => IsNotEmpty(),
  min: () => Min(2),
  max: () => Max(5),
  maxEach: () => Max(5, { each: true }),
  length: () => Length(1, 3),
  maxLength: () => MaxLength(2),
  matches: () => Matches(/^[ab]+$/),
  in: () => IsIn(['a', 1, null]),
  enum: () => IsEnum({ A: 'a', B: 'b' }),
  equals: () => Equals('a'),
  positive: () => IsPositive(),
  few: () => ArrayMaxSize(2),
  some: () => ArrayMinSize(1),
  unique: () => ArrayUnique(),
  allow: () => Allow(),
  finite: () => IsFiniteNumber({ min: 0, max: 5 }),
  unixMs: () => IsUnixMs(),
  numberMap: () => IsNumberMap({ maxKeys: 2, min: 0 }),
  column: () => IsColumn({ minLength: 1, maxLength: 3, nonNegative: true }),
  rising: () => IsColumn({ strictlyIncreasing: true }),
  sameLength: () => SameLengthAs('a'),
  onlyIf: () => IsString({ validateIf: (owner: { a?: unknown }) => owner.a !== 1 }),
};

interface FieldShape {
  readonly name: string;
  readonly rules: readonly string[];
  readonly optional: boolean;
  /** Checked only when the field `a` is no text. */
  readonly conditional: boolean;
  /** The field is a nested object of this shape, or an array of them. */
  readonly nested: ClassShape | undefined;
}

interface ClassShape {
  readonly fields: readonly FieldShape[];
  /** Fields of a base class; the class itself may declare them again. */
  readonly base: readonly FieldShape[];
  readonly wholeCheck: boolean;
}

function declare(dtoClass: DtoClass, fields: readonly FieldShape[]): void {
  for (const field of fields) {
    const decorators = field.rules.map((rule) => (RULES[rule] as () => PropertyDecorator)());
    if (field.optional) decorators.push(IsOptional());
    if (field.conditional)
      decorators.push(ValidateIf((owner: { a?: unknown }) => typeof owner.a !== 'string'));
    if (field.nested) {
      const nested = classOf(field.nested);
      decorators.push(
        Type(() => nested),
        ValidateNested(),
      );
    }
    for (const decorate of decorators) decorate(dtoClass.prototype, field.name);
  }
}

function classOf(shape: ClassShape): DtoClass {
  class Base {}
  class Dto extends Base {}
  declare(Base, shape.base);
  declare(Dto, shape.fields);
  if (shape.wholeCheck) Check((dto: { a?: unknown }) => (dto.a === 3 ? 'a must not be 3' : undefined))(Dto);
  return Dto;
}

/** Rules that may stand beside a column. */
const COLUMN_RULES = ['column', 'rising', 'sameLength', 'defined', 'allow', 'finite'];
const OTHER_RULES = Object.keys(RULES).filter((rule) => rule !== 'column' && rule !== 'rising');
/** The number map would see fields of a nested object that it does not declare; here they are gone. */
const NESTED_RULES = OTHER_RULES.filter((rule) => rule !== 'numberMap');

const names = fc.constantFrom('a', 'b', 'c', 'd');

const NESTING = { nil: undefined, freq: 1, maxDepth: 2, depthSize: 'small' } as const;

function fieldOf(
  rules: readonly string[],
  nested: fc.Arbitrary<ClassShape | undefined>,
): fc.Arbitrary<FieldShape> {
  return fc.record({
    name: names,
    rules: fc.uniqueArray(fc.constantFrom(...rules), { minLength: 1, maxLength: 3 }),
    optional: fc.boolean(),
    conditional: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
    nested,
  });
}

const { shape: classShape } = fc.letrec<{ shape: ClassShape; field: FieldShape }>((tie) => ({
  field: fc.oneof(
    { weight: 3, arbitrary: fieldOf(OTHER_RULES, fc.constant(undefined)) },
    { weight: 2, arbitrary: fieldOf(NESTED_RULES, fc.option(tie('shape'), NESTING)) },
    { weight: 1, arbitrary: fieldOf(COLUMN_RULES, fc.constant(undefined)) },
  ),
  shape: fc.record({
    fields: fc.uniqueArray(tie('field'), { minLength: 1, maxLength: 4, selector: ({ name }) => name }),
    base: fc.uniqueArray(tie('field'), { maxLength: 2, selector: ({ name }) => name }),
    wholeCheck: fc.boolean(),
  }),
}));

/** Values on both sides of every rule above. */
const scalar = fc.constantFrom<unknown>(
  'a',
  'b',
  'abba',
  '',
  'xyz',
  0,
  1,
  3,
  2.5,
  -1,
  7,
  1e308,
  9e15,
  true,
  null,
);
const anything: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 4, arbitrary: scalar },
  { weight: 2, arbitrary: fc.array(scalar, { maxLength: 3 }) },
  { weight: 1, arbitrary: fc.array(fc.constantFrom(1, 2, 3), { maxLength: 4 }) },
  { weight: 1, arbitrary: fc.dictionary(names, scalar, { maxKeys: 3, noNullPrototype: true }) },
  {
    weight: 1,
    arbitrary: fc.array(fc.dictionary(names, scalar, { maxKeys: 2, noNullPrototype: true }), {
      maxLength: 2,
    }),
  },
);

/** Payloads that mostly have the shape of the class. */
function payload(shape: ClassShape): fc.Arbitrary<Record<string, unknown>> {
  const fields = new Map([...shape.base, ...shape.fields].map((field) => [field.name, field]));
  const members: Record<string, fc.Arbitrary<unknown>> = { extra: anything };
  for (const [name, field] of fields) {
    const nested = field.nested && payload(field.nested);
    members[name] = nested
      ? fc.oneof(nested, nested, fc.array(nested, { maxLength: 3 }), anything)
      : anything;
  }
  return fc.record(members, { requiredKeys: [], noNullPrototype: true });
}

/** A class and several payloads for it: classes are dear, because class-validator never forgets one. */
const caseOf = classShape.filter(isOrdinary).chain((shape) =>
  fc.record({
    shape: fc.constant(shape),
    plains: fc.array(payload(shape), { minLength: 12, maxLength: 12 }),
  }),
);

function fieldsOf(shape: ClassShape): readonly FieldShape[] {
  return [...shape.base, ...shape.fields];
}

/**
 * Whether the wire's own strictness refuses what class-validator lets pass: null in an optional field,
 * a checked nested field left out. Only asked where class-validator has said yes.
 */
function refusedByStrictness(shape: ClassShape, plain: unknown): boolean {
  if (Array.isArray(plain)) return plain.some((item) => refusedByStrictness(shape, item));
  if (typeof plain !== 'object' || plain === null) return false;
  const owner = plain as Readonly<Record<string, unknown>>;
  return [...new Set(fieldsOf(shape).map(({ name }) => name))].some((name) => {
    // What a base says about a field counts too, unless the class says something of the same kind.
    const all = fieldsOf(shape).filter((field) => field.name === name);
    const optional = all.some((field) => field.optional);
    const conditional = all.some((field) => field.conditional);
    const checked = all.some((field) => field.nested);
    const value = owner[name];
    if (optional && value === null) return true;
    if (value === undefined) return checked && !optional && !conditional;
    if (conditional && typeof owner['a'] === 'string') return false;
    const nested = all.findLast((field) => field.nested)?.nested;
    return nested !== undefined && checked && refusedByStrictness(nested, value);
  });
}

function stockAccepts(dtoClass: DtoClass, plain: unknown): object | undefined {
  const instance = plainToInstance(dtoClass, structuredClone(plain)) as object;
  return validateSync(instance, { whitelist: true, forbidUnknownValues: true }).length === 0
    ? instance
    : undefined;
}

function compiledAccepts(dtoClass: DtoClass, plain: unknown): object | undefined {
  try {
    return compileValidator(dtoClass).validate(plain);
  } catch (error) {
    expect(error).to.be.instanceOf(ServiceError);
    expect((error as ServiceError).code).to.equal('INVALID_ARGUMENT');
    expect((error as ServiceError).field)
      .to.be.a('string')
      .and.not.equal('');
    return undefined;
  }
}

/** Conditional types on a base and its class mix in ways no DTO of ours uses; such shapes are left out. */
function isOrdinary(shape: ClassShape): boolean {
  const own = new Set(shape.fields.map(({ name }) => name));
  return (
    shape.base.every(({ name }) => !own.has(name)) &&
    fieldsOf(shape).every(({ nested }) => nested === undefined || isOrdinary(nested))
  );
}

const flat = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value, (_key, member: unknown) => (member instanceof Float64Array ? [...member] : member)),
  );

describe('a compiled validator', () => {
  it('comes to the verdict of validateSync(plainToInstance()), for any class and any payload', () => {
    const tally = { accepted: 0, refused: 0 };
    fc.assert(
      fc.property(caseOf, ({ shape, plains }) => {
        const dtoClass = classOf(shape);
        for (const plain of plains) {
          const compiled = compiledAccepts(dtoClass, plain);
          const expected = stockAccepts(dtoClass, plain) !== undefined && !refusedByStrictness(shape, plain);
          expect(compiled !== undefined, `accepts ${JSON.stringify(plain)}`).to.equal(expected);
          tally[expected ? 'accepted' : 'refused']++;
          if (compiled) expect(compiled).to.be.instanceOf(dtoClass);
        }
      }),
      { numRuns: 600 },
    );
    // A generator that makes only one verdict would prove nothing.
    expect(tally.accepted).to.be.greaterThan(300);
    expect(tally.refused).to.be.greaterThan(300);
  });

  it('builds what plainToInstance builds, less the fields nobody declared', () => {
    fc.assert(
      fc.property(caseOf, ({ shape, plains }) => {
        const dtoClass = classOf(shape);
        for (const plain of plains) {
          const compiled = compiledAccepts(dtoClass, plain);
          if (!compiled) continue;
          expect(Object.keys(compiled)).not.to.include('extra');
          if (!holdsSkipped(shape, plain))
            expect(flat(compiled)).to.deep.equal(flat(stockAccepts(dtoClass, plain)));
        }
      }),
      { numRuns: 200 },
    );
  });
});

/** class-validator leaves undeclared fields inside what it was told to skip. */
function holdsSkipped(shape: ClassShape, plain: unknown): boolean {
  if (Array.isArray(plain)) return plain.some((item) => holdsSkipped(shape, item));
  if (typeof plain !== 'object' || plain === null) return false;
  return fieldsOf(shape).some(
    ({ name, nested, conditional }) =>
      nested !== undefined && (conditional || holdsSkipped(nested, (plain as Record<string, unknown>)[name])),
  );
}

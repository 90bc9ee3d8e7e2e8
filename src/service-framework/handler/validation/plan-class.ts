import { IS_OPTIONAL } from 'class-validator';
import { ServiceError } from '../../../runtime/index.js';
import type { DtoClass } from '../command-spec.js';
import { ObjectCheck, WHOLE_OBJECT } from './check.js';
import type { ClassPlan, FieldPlan } from './class-plan.js';
import { isTransformed, nestedTypeOf } from './class-transformer-metadata.js';
import { checksOf } from './constraint-check.js';
import { declaredTypeOf } from './declared-type.js';
import { type FieldMetadata, fieldMetadataOf, type Metadata } from './field-metadata.js';
import { Rule } from './rule.js';

/** One plan a class, for all validators: classes do not change once their decorators have run. */
const PLANS = new WeakMap<DtoClass, ClassPlan>();

/**
 * Reads the metadata of a class once.
 *
 * @throws ServiceError FAILED_PRECONDITION when the class cannot check anything as it is written
 */
export function planOf(dtoClass: DtoClass): ClassPlan {
  const known = PLANS.get(dtoClass);
  if (known) return known;
  const metadata = fieldMetadataOf(dtoClass);
  if (metadata.length === 0)
    throw unusable(dtoClass, 'it has no decorated field; leave the class out instead');
  const fields: FieldPlan[] = [];
  const objectChecks: ObjectCheck[] = [];
  const plan = { dtoClass, fields, objectChecks, stock: isStock(dtoClass, metadata) };
  // Known before its fields are: a class may hold itself.
  PLANS.set(dtoClass, plan);
  try {
    for (const field of metadata) {
      if (field.name === WHOLE_OBJECT) objectChecks.push(...objectChecksOf(field));
      else fields.push(fieldPlanOf(dtoClass, field));
    }
    if (plan.stock && holdsColumn(plan))
      throw unusable(
        dtoClass,
        'class-transformer, which its @Transform, @Expose, @Exclude, @Type or getter needs, empties columns',
      );
  } catch (error) {
    PLANS.delete(dtoClass);
    throw error;
  }
  return plan;
}

function isStock(dtoClass: DtoClass, metadata: readonly FieldMetadata[]): boolean {
  const names = metadata.map(({ name }) => name);
  return (
    isTransformed(dtoClass, names) ||
    metadata.some(({ unknown }) => unknown.length > 0) ||
    names.some((name) => nestedTypeOf(dtoClass, name) === 'stock' || isAccessor(dtoClass, name))
  );
}

/** Whether a class or one inside it has a column. */
function holdsColumn(plan: ClassPlan, seen = new Set<ClassPlan>()): boolean {
  if (seen.has(plan)) return false;
  seen.add(plan);
  return plan.fields.some((field) => field.convert || (field.nested && holdsColumn(field.nested, seen)));
}

/** class-transformer writes to no getter and no method. */
function isAccessor(dtoClass: DtoClass, name: string): boolean {
  return name in (dtoClass.prototype as object);
}

function objectChecksOf(field: FieldMetadata): ObjectCheck[] {
  return field.custom.flatMap((entry) => {
    const [check] = entry.constraints ?? [];
    return check instanceof ObjectCheck ? [check] : [];
  });
}

function fieldPlanOf(dtoClass: DtoClass, field: FieldMetadata): FieldPlan {
  const { name, conditions, defined, custom, nested } = field;
  const rules = rulesOf(custom);
  const converting = rules.find((rule) => rule.convert);
  const type = nestedTypeOf(dtoClass, name);
  if (nested.length > 0 && type === undefined)
    throw unusable(dtoClass, `${name} has @ValidateNested without @Type, which validates nothing`);
  if (converting && (nested.length > 0 || rules.length < custom.length))
    throw unusable(
      dtoClass,
      `${name} is a column; other checks would see arrays and columns differently, so say it in @IsColumn`,
    );
  if (type !== undefined && type !== 'stock' && nested.length === 0)
    throw unusable(dtoClass, `${name} has @Type without @ValidateNested: its objects would go unchecked`);
  const optional = conditions.some((entry) => entry.name === IS_OPTIONAL);
  return {
    name,
    convert: converting && ((value) => converting.convert?.(value)),
    nested: type === undefined || type === 'stock' ? undefined : planOf(type),
    shape: shapeOf(dtoClass, name),
    maxItems: conditions.length > (optional ? 1 : 0) ? Number.POSITIVE_INFINITY : maxItemsOf(custom),
    optional,
    required: nested.length > 0 && conditions.length === 0,
    conditions: conditions.map((entry) => entry.constraints?.[0] as FieldPlan['conditions'][number]),
    checks: [...defined, ...custom].flatMap(checksOf),
    refusesNonFinite: !rules.some((rule) => rule.judgesFinite) && !custom.some(allowsNonFinite),
  };
}

function rulesOf(custom: readonly Metadata[]): Rule[] {
  return custom.flatMap((entry) => {
    const [rule] = entry.constraints ?? [];
    return rule instanceof Rule && entry.each !== true ? [rule] : [];
  });
}

/** The declared type tells arrays from single objects, which class-validator does not. */
function shapeOf(dtoClass: DtoClass, name: string): FieldPlan['shape'] {
  const declared: unknown = declaredTypeOf(dtoClass, name);
  if (declared === Array) return 'array';
  return declared === undefined || declared === Object ? 'either' : 'single';
}

function maxItemsOf(custom: readonly Metadata[]): number {
  const sizes = custom.filter(
    (entry) => entry.name === 'arrayMaxSize' && !entry.validateIf && entry.each !== true,
  );
  return Math.min(Number.POSITIVE_INFINITY, ...sizes.map((entry) => entry.constraints?.[0] as number));
}

/** `@IsNumber({ allowNaN: true })` asks for what is refused otherwise. */
function allowsNonFinite(entry: Metadata): boolean {
  if (entry.name !== 'isNumber') return false;
  const options = entry.constraints?.[0] as
    | { readonly allowNaN?: boolean; readonly allowInfinity?: boolean }
    | undefined;
  return options?.allowNaN === true || options?.allowInfinity === true;
}

function unusable(dtoClass: DtoClass, why: string): ServiceError {
  return new ServiceError('FAILED_PRECONDITION', `${dtoClass.name} cannot be a payload: ${why}`);
}

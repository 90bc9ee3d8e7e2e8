import { plainToInstance } from 'class-transformer';
import { invalidArgument } from '../../../runtime/index.js';
import { DEFAULT_LIMITS } from '../../protocol/index.js';
import type { ClassPlan, FieldPlan } from './class-plan.js';

/** Whether a value is a map of fields: an object that is no array and no column. */
export function isFieldMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value);
}

/**
 * A DTO instance with the fields its class declares, unchecked; other fields are left behind. A field
 * that is absent keeps the class's default.
 *
 * @throws ServiceError INVALID_ARGUMENT for arrays that are too long to be worth building, and for
 *   objects that hold themselves
 */
export function buildInstance(
  plan: ClassPlan,
  plain: Readonly<Record<string, unknown>>,
  path: string,
  depthLeft = DEFAULT_LIMITS.depth,
): object {
  if (plan.stock) return plainToInstance(plan.dtoClass, plain);
  const instance = new plan.dtoClass();
  const target = instance as Record<string, unknown>;
  for (const field of plan.fields) {
    const value = plain[field.name];
    if (value === undefined) continue;
    if (field.nested && typeof value === 'object' && value !== null)
      target[field.name] = buildNested(field, field.nested, value, pathTo(path, field.name), depthLeft);
    else target[field.name] = field.convert ? field.convert(value) : value;
  }
  return instance;
}

function buildNested(
  field: FieldPlan,
  plan: ClassPlan,
  value: object,
  path: string,
  depthLeft: number,
): unknown {
  if (depthLeft === 0) throw invalidArgument(path, value, `nested at most ${DEFAULT_LIMITS.depth} deep`);
  if (Array.isArray(value)) {
    if (value.length > field.maxItems)
      throw invalidArgument(path, value, `an array of at most ${field.maxItems}`);
    return value.map((item, index) =>
      typeof item === 'object' && item !== null
        ? buildNested(field, plan, item, `${path}[${index}]`, depthLeft - 1)
        : item,
    );
  }
  return isFieldMap(value) ? buildInstance(plan, value, path, depthLeft - 1) : value;
}

/** `candles.close` from `candles` and `close`. */
export function pathTo(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}

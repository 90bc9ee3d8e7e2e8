import { invalidArgument, ServiceError } from '../../../runtime/index.js';
import { nonFinitePath } from '../../protocol/index.js';
import { pathTo } from './build-instance.js';
import type { ObjectCheck } from './check.js';
import type { ClassPlan, FieldPlan } from './class-plan.js';
import { checkWithStock } from './stock.js';

/** @throws ServiceError INVALID_ARGUMENT for the first field that is not as its decorators say */
export function checkInstance(plan: ClassPlan, instance: object, path: string): void {
  if (plan.stock) {
    for (const field of plan.fields) checkStrictly(field, fieldOf(instance, field), path);
    checkWithStock(instance, path);
    return;
  }
  for (const field of plan.fields) checkField(field, instance, path);
  for (const check of plan.objectChecks) checkObject(check, instance, path);
}

function checkField(field: FieldPlan, owner: object, path: string): void {
  const value = fieldOf(owner, field);
  checkStrictly(field, value, path);
  const { conditions, checks } = field;
  for (let i = 0; i < conditions.length; i++) if (!conditions[i]?.(owner, value)) return;
  if (value === undefined && field.required) throw refused(field, path, value, 'given');
  for (let i = 0; i < checks.length; i++) {
    const problem = checks[i]?.(value, owner);
    if (problem) throw refused(field, path, problem.actual, problem.allowed, problem.at);
  }
  if (field.nested && value !== undefined)
    checkNested(field, field.nested, value, pathTo(path, field.name), field.shape);
}

function fieldOf(owner: object, field: FieldPlan): unknown {
  return (owner as Readonly<Record<string, unknown>>)[field.name];
}

/** What class-validator would let pass and the wire does not. */
function checkStrictly(field: FieldPlan, value: unknown, path: string): void {
  if (value === null && field.optional) throw refused(field, path, value, 'left out or given');
  if (field.refusesNonFinite && value !== undefined) refuseNonFinite(field, value, path);
}

function checkNested(
  field: FieldPlan,
  plan: ClassPlan,
  value: unknown,
  path: string,
  shape: FieldPlan['shape'],
): void {
  if (Array.isArray(value)) {
    if (shape === 'single') throw invalidArgument(path, value, 'a map of fields');
    // A declared array is one of objects, not of arrays.
    const items = shape === 'array' ? 'single' : shape;
    for (let i = 0; i < value.length; i++) checkNested(field, plan, value[i], `${path}[${i}]`, items);
  } else if (shape === 'array') throw invalidArgument(path, value, 'an array of maps');
  else if (value instanceof plan.dtoClass) checkInstance(plan, value, path);
  else throw invalidArgument(path, value, 'a map of fields');
}

function checkObject(check: ObjectCheck, instance: object, path: string): void {
  const found = check.find(instance);
  if (found === undefined) return;
  const field = typeof found === 'string' ? path : pathTo(path, found.field);
  const problem = typeof found === 'string' ? found : found.problem;
  throw new ServiceError('INVALID_ARGUMENT', `${field || 'body'}: ${problem}`, { field: field || 'body' });
}

function refuseNonFinite(field: FieldPlan, value: unknown, path: string): void {
  if (typeof value === 'number' ? Number.isFinite(value) : typeof value !== 'object' || value === null)
    return;
  // Objects of a checked class are looked into when their own fields are checked.
  if (field.nested) return;
  const at = nonFinitePath(value, pathTo(path, field.name));
  if (at !== undefined)
    throw new ServiceError('INVALID_ARGUMENT', `${at}: NaN or infinite; must be a finite number`, {
      field: at,
    });
}

function refused(field: FieldPlan, path: string, actual: unknown, allowed: string, at = ''): ServiceError {
  return invalidArgument(`${pathTo(path, field.name)}${at}`, actual, allowed);
}

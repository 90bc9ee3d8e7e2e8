import {
  getMetadataStorage,
  type ValidationArguments,
  type ValidatorConstraintInterface,
} from 'class-validator';
import { ServiceError } from '../../../runtime/index.js';
import type { FieldCheck } from './class-plan.js';
import type { Metadata } from './field-metadata.js';
import { knownConstraint } from './known-constraints.js';
import { quickAcceptOf } from './quick-constraints.js';
import { type Problem, Rule } from './rule.js';

/** The checks behind one decorator: a rule of ours runs itself, all else runs through its own constraint. */
export function checksOf(metadata: Metadata): FieldCheck[] {
  const [rule] = metadata.constraints ?? [];
  const constraints = getMetadataStorage().getTargetValidatorConstraints(metadata.constraintCls);
  return constraints.map((constraint) => {
    if (constraint.async)
      throw new ServiceError(
        'FAILED_PRECONDITION',
        `${metadata.propertyName}: ${constraint.name} is asynchronous; checks of a payload must not be`,
      );
    if (rule instanceof Rule && metadata.each !== true) return conditional(metadata, ruleCheck(rule));
    return conditional(metadata, constraintCheck(metadata, constraint.name, constraint.instance));
  });
}

function ruleCheck(rule: Rule): FieldCheck {
  return (value, owner) => rule.problem(value, owner);
}

function conditional(metadata: Metadata, check: FieldCheck): FieldCheck {
  const { validateIf } = metadata;
  if (!validateIf) return check;
  return (value, owner) => (validateIf(owner, value) ? check(value, owner) : undefined);
}

function constraintCheck(
  metadata: Metadata,
  name: string | undefined,
  constraint: ValidatorConstraintInterface,
): FieldCheck {
  const { constraints, propertyName, each } = metadata;
  const quick = quickAcceptOf(metadata, name, constraint);
  const passes = (value: unknown, args: ValidationArguments): boolean =>
    Boolean(constraint.validate(value, args));
  return (value, owner) => {
    if (quick && each !== true && quick(value)) return undefined;
    const args = new Arguments(propertyName, owner, value, constraints);
    if (each === true && Array.isArray(value)) {
      for (let i = 0; i < value.length; i++)
        if (quick?.(value[i]) !== true && !passes(value[i], args))
          return { at: `[${i}]`, ...refusal(metadata, name, constraint, value[i], args) };
      return undefined;
    }
    return passes(value, args) ? undefined : refusal(metadata, name, constraint, value, args);
  };
}

/** What class-validator tells a constraint, beside the value. */
class Arguments implements ValidationArguments {
  constructor(
    readonly property: string,
    readonly object: object,
    readonly value: unknown,
    readonly constraints: ValidationArguments['constraints'],
  ) {}

  /** Few ask, and finding it out costs more than most checks. */
  get targetName(): string {
    return this.object.constructor.name;
  }
}

function refusal(
  metadata: Metadata,
  name: string | undefined,
  constraint: ValidatorConstraintInterface,
  actual: unknown,
  args: ValidationArguments,
): Problem {
  const known = knownConstraint(name);
  if (known && metadata.message === undefined)
    return { actual, allowed: known.allowed(metadata.constraints ?? []) };
  const { message } = metadata;
  const template =
    typeof message === 'function' ? message(args) : (message ?? constraint.defaultMessage?.(args));
  return { actual, allowed: `such that ${template ? filledIn(template, args) : `it passes ${name}`}` };
}

/** Writes out what a message of class-validator's names: `$property`, `$constraint1` … */
function filledIn(template: string, args: ValidationArguments): string {
  const constraints = args.constraints ?? [];
  return template
    .replace(/\$constraint(\d+)/g, (_all, index: string) => String(constraints[Number(index) - 1]))
    .replaceAll('$property', args.property)
    .replaceAll('$target', args.targetName)
    .replaceAll('$value', 'it');
}

import { ValidateBy, type ValidationArguments, type ValidationOptions } from 'class-validator';
import { describeValue } from '../../../runtime/index.js';
import type { JsonSchema } from './json-schema.js';

/** Why a value is refused. */
export interface Problem {
  /** Where inside the field, e.g. `[3]`; absent = the field itself. */
  readonly at?: string;
  readonly actual: unknown;
  /** What would have been accepted, after "must be". */
  readonly allowed: string;
}

/**
 * A check of one field that can say exactly what is wrong. Its decorator registers it with
 * class-validator too, so that stock `validateSync` comes to the same verdict.
 */
export abstract class Rule {
  /** Name of the constraint in class-validator's errors. */
  abstract readonly name: string;

  /** @param owner the DTO instance the field belongs to */
  abstract problem(value: unknown, owner: object): Problem | undefined;

  /** The field's part of the JSON Schema. */
  abstract schema(): JsonSchema;

  /** What the field holds after validation; called before any check, and returns what it cannot convert. */
  convert?(value: unknown): unknown;

  /** It decides itself about NaN and infinities, which are refused everywhere else. */
  readonly judgesFinite: boolean = false;
}

/** Puts a rule on a field. */
export function ruleDecorator(rule: Rule, options?: ValidationOptions): PropertyDecorator {
  return ValidateBy(
    {
      name: rule.name,
      constraints: [rule],
      validator: {
        validate: (value: unknown, args?: ValidationArguments) =>
          rule.problem(value, args?.object ?? {}) === undefined,
        defaultMessage: (args?: ValidationArguments) => messageOf(rule, args),
      },
    },
    options,
  );
}

function messageOf(rule: Rule, args: ValidationArguments | undefined): string {
  const problem = args && rule.problem(args.value, args.object);
  if (!problem) return '$property is refused';
  return `$property${problem.at ?? ''}: ${describeValue(problem.actual)}; must be ${problem.allowed}`;
}

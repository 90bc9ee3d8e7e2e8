import type { ValidationOptions } from 'class-validator';
import { columnLength } from './column-values.js';
import type { JsonSchema } from './json-schema.js';
import { type Problem, Rule, ruleDecorator } from './rule.js';

/**
 * A column (or array) with as many elements as the field `other` of the same object. Put it on every
 * column but the first: the error then names the one that differs.
 */
export function SameLengthAs(other: string, validation?: ValidationOptions): PropertyDecorator {
  return ruleDecorator(new SameLengthRule(other), validation);
}

class SameLengthRule extends Rule {
  readonly name = 'sameLengthAs';

  constructor(private readonly other: string) {
    super();
  }

  problem(value: unknown, owner: object): Problem | undefined {
    const expected = columnLength((owner as Readonly<Record<string, unknown>>)[this.other]);
    const actual = columnLength(value);
    // What is no column at all is for the other checks to name.
    if (actual === expected || expected < 0 || actual < 0) return undefined;
    return { actual: value, allowed: `${expected} elements, as many as ${this.other}` };
  }

  schema(): JsonSchema {
    return { 'x-same-length-as': this.other };
  }
}

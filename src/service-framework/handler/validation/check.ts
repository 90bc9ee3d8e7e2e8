import { ValidateBy, type ValidationArguments } from 'class-validator';

/**
 * What a check of a whole object finds: a sentence, or a sentence with the field it is about (its
 * path inside the object, e.g. `high[3]`).
 */
export type CheckProblem = string | { readonly field: string; readonly problem: string };

/** The property name under which class-validator keeps checks of the whole object. */
export const WHOLE_OBJECT = '(whole)';

/** The constraint of a class-level check, as kept in class-validator's metadata. */
export class ObjectCheck {
  constructor(readonly find: (instance: object) => CheckProblem | undefined) {}
}

/**
 * Checks what no single field can tell. The function runs only when every field has passed its own
 * checks, and gets the finished DTO.
 *
 *     @Check((range: Range) => (range.low <= range.high ? undefined : 'low must not be above high'))
 *     class Range { … }
 */
export function Check<T extends object>(find: (dto: T) => CheckProblem | undefined) {
  const check = new ObjectCheck(find as (instance: object) => CheckProblem | undefined);
  return (dtoClass: new () => T): void => {
    ValidateBy({
      name: 'check',
      constraints: [check],
      validator: {
        validate: (_value: unknown, args?: ValidationArguments) => passes(check, args?.object ?? {}),
        defaultMessage: () => 'the object contradicts itself',
      },
    })(dtoClass.prototype, WHOLE_OBJECT);
  };
}

/**
 * For stock `validateSync`, which also asks when fields are missing or of the wrong type: a check that
 * stumbles over them refuses, as the fields themselves do.
 */
function passes(check: ObjectCheck, instance: object): boolean {
  try {
    return check.find(instance) === undefined;
  } catch {
    return false;
  }
}

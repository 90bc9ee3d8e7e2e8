import type { DtoClass } from '../command-spec.js';
import type { ObjectCheck } from './check.js';
import type { Problem } from './rule.js';

/** One check of one field. */
export type FieldCheck = (value: unknown, owner: object) => Problem | undefined;

/** How one decorated field is built and checked. */
export interface FieldPlan {
  readonly name: string;
  /** Builds the field's value from what arrived; absent = it is kept as it is. */
  readonly convert: ((value: unknown) => unknown) | undefined;
  /** The class its objects are instances of, and checked as. */
  readonly nested: ClassPlan | undefined;
  /** Whether an array, a single object or either may hold them. */
  readonly shape: 'array' | 'single' | 'either';
  /** An array longer than this is refused before anything is built from it. */
  readonly maxItems: number;
  /** May be left out, but not be null. */
  readonly optional: boolean;
  /** An absent value is refused by no check of its own, yet the field needs one. */
  readonly required: boolean;
  /** When one of these says no, the field is not checked. */
  readonly conditions: readonly ((owner: object, value: unknown) => boolean)[];
  readonly checks: readonly FieldCheck[];
  /** NaN and infinities in it are refused here, because no check of its own does. */
  readonly refusesNonFinite: boolean;
}

/** How instances of one DTO class are built and checked. */
export interface ClassPlan {
  readonly dtoClass: DtoClass;
  readonly fields: readonly FieldPlan[];
  readonly objectChecks: readonly ObjectCheck[];
  /** The class uses what is not compiled: it is left to class-transformer and class-validator. */
  readonly stock: boolean;
}

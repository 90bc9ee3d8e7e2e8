import { getMetadataStorage, ValidationTypes } from 'class-validator';
import type { DtoClass } from '../command-spec.js';

/** One entry of class-validator's storage. */
export type Metadata = ReturnType<
  ReturnType<typeof getMetadataStorage>['getTargetValidationMetadatas']
>[number];

/** The entries of one field by what they ask for, each group in reading order from the top decorator down. */
export interface FieldMetadata {
  readonly name: string;
  readonly conditions: readonly Metadata[];
  readonly defined: readonly Metadata[];
  readonly custom: readonly Metadata[];
  readonly nested: readonly Metadata[];
  /** `@ValidatePromise` and whatever else is not one of the above. */
  readonly unknown: readonly Metadata[];
}

/** What class-validator knows about a class, its bases included. */
export function fieldMetadataOf(dtoClass: DtoClass): readonly FieldMetadata[] {
  const storage = getMetadataStorage();
  const grouped = storage.groupByPropertyName(
    storage.getTargetValidationMetadatas(dtoClass, '', false, false),
  );
  return Object.entries(grouped).map(([name, entries]) => sorted(name, [...entries].reverse()));
}

function sorted(name: string, entries: readonly Metadata[]): FieldMetadata {
  const of = (type: string): Metadata[] => entries.filter((entry) => entry.type === type);
  const understood: readonly string[] = [
    ValidationTypes.CONDITIONAL_VALIDATION,
    ValidationTypes.IS_DEFINED,
    ValidationTypes.CUSTOM_VALIDATION,
    ValidationTypes.NESTED_VALIDATION,
    ValidationTypes.WHITELIST,
  ];
  return {
    name,
    conditions: of(ValidationTypes.CONDITIONAL_VALIDATION),
    defined: of(ValidationTypes.IS_DEFINED),
    custom: of(ValidationTypes.CUSTOM_VALIDATION),
    nested: of(ValidationTypes.NESTED_VALIDATION),
    unknown: entries.filter((entry) => !understood.includes(entry.type)),
  };
}

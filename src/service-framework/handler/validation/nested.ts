import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsDefined, IsOptional, ValidateNested } from 'class-validator';
import type { DtoClass } from '../command-spec.js';

export interface NestedOptions {
  /** May be left out; default false. */
  readonly optional?: boolean;
  /** An array of them, of at most this many; absent = a single one. */
  readonly maxItems?: number;
}

/** A field that is another DTO, or an array of them: `@Type`, `@ValidateNested` and presence in one. */
export function Nested(dtoClass: () => DtoClass, options: NestedOptions = {}): PropertyDecorator {
  const { optional, maxItems } = options;
  const decorators = [Type(dtoClass), ValidateNested(), optional === true ? IsOptional() : IsDefined()];
  if (maxItems !== undefined) decorators.push(ArrayMaxSize(maxItems), IsArray());
  return (prototype, property) => {
    for (const decorate of decorators) decorate(prototype, property);
  };
}

// Must have run before the first decorated class is evaluated: the compiler's metadata go through it.
import 'reflect-metadata';
import type { DtoClass } from '../command-spec.js';

/** The class a field is declared with (`Array`, `Number`, a DTO …); undefined where TypeScript left no trace. */
export function declaredTypeOf(dtoClass: DtoClass, field: string): unknown {
  return Reflect.getMetadata('design:type', dtoClass.prototype as object, field);
}

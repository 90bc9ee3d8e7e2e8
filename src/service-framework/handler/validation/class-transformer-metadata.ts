import { createRequire } from 'node:module';
import type { DtoClass } from '../command-spec.js';

interface TypeMetadata {
  readonly typeFunction?: (options?: unknown) => unknown;
  readonly reflectedType?: unknown;
  readonly options?: { readonly discriminator?: unknown };
}

interface TransformerStorage {
  findTypeMetadata(target: DtoClass, property: string): TypeMetadata | undefined;
  getExposedMetadatas(target: DtoClass): readonly unknown[];
  getExcludedMetadatas(target: DtoClass): readonly unknown[];
  getStrategy(target: DtoClass): string;
  findTransformMetadatas(target: DtoClass, property: string, direction: number): readonly unknown[];
}

/** class-transformer exports everything but the storage its decorators write to. */
const storage = (
  createRequire(import.meta.url)('class-transformer/cjs/storage.js') as {
    readonly defaultMetadataStorage: TransformerStorage;
  }
).defaultMetadataStorage;

/** class-transformer's number for plain objects becoming instances. */
const PLAIN_TO_CLASS = 0;

/** Types that class-transformer converts to instead of instantiating. */
const BUILT_IN: ReadonlySet<unknown> = new Set([
  String,
  Number,
  Boolean,
  Date,
  Buffer,
  Map,
  Set,
  Array,
  Object,
  Promise,
]);

/** What `@Type` says about a field: the class, nothing, or something only class-transformer understands. */
export function nestedTypeOf(dtoClass: DtoClass, field: string): DtoClass | undefined | 'stock' {
  const metadata = storage.findTypeMetadata(dtoClass, field);
  if (!metadata) return undefined;
  if (metadata.options?.discriminator !== undefined) return 'stock';
  if (metadata.reflectedType === Map || metadata.reflectedType === Set) return 'stock';
  const type = metadata.typeFunction?.() ?? metadata.reflectedType;
  return typeof type !== 'function' || BUILT_IN.has(type) ? 'stock' : (type as DtoClass);
}

/** Whether `@Expose`, `@Exclude` or `@Transform` have a say in how a class is built. */
export function isTransformed(dtoClass: DtoClass, fields: readonly string[]): boolean {
  return (
    storage.getStrategy(dtoClass) !== 'none' ||
    storage.getExposedMetadatas(dtoClass).length > 0 ||
    storage.getExcludedMetadatas(dtoClass).length > 0 ||
    fields.some((field) => storage.findTransformMetadatas(dtoClass, field, PLAIN_TO_CLASS).length > 0)
  );
}

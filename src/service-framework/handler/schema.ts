import type { CommandSchemas, CommandSpec, DtoClass } from './command-spec.js';
import { WHOLE_OBJECT } from './validation/check.js';
import { nestedTypeOf } from './validation/class-transformer-metadata.js';
import { declaredTypeOf } from './validation/declared-type.js';
import { type FieldMetadata, fieldMetadataOf, type Metadata } from './validation/field-metadata.js';
import type { JsonSchema } from './validation/json-schema.js';
import { knownConstraint } from './validation/known-constraints.js';
import { Rule } from './validation/rule.js';

/**
 * The JSON Schema of a DTO class, from the same metadata that its validator is compiled from. Classes
 * inside it stand in `$defs` under their names. Fields not listed are allowed and ignored.
 */
export function jsonSchemaOf(dtoClass: DtoClass): JsonSchema {
  const definitions = new Map<DtoClass, { readonly name: string; schema: JsonSchema }>();
  const root = objectSchema(dtoClass, definitions);
  if (definitions.size === 0) return root;
  return {
    ...root,
    $defs: Object.fromEntries([...definitions.values()].map(({ name, schema }) => [name, schema])),
  };
}

/** What a command takes and answers with. */
export function commandSchemasOf(spec: CommandSpec): CommandSchemas {
  if (spec.forward) {
    const { request, response, stream } = spec.forward;
    return { request, response, ...(stream === undefined ? {} : { stream }) };
  }
  return {
    request: spec.request ? jsonSchemaOf(spec.request) : null,
    response: responseSchema(spec),
    ...(spec.stream === undefined ? {} : { stream: jsonSchemaOf(spec.stream) }),
  };
}

function responseSchema({ response, responseArray }: CommandSpec): JsonSchema | null {
  if (!response) return null;
  const schema = jsonSchemaOf(response);
  if (responseArray !== true) return schema;
  // References are from the root, so the definitions stay there.
  const { $defs, ...items } = schema;
  return { type: 'array', items, ...($defs === undefined ? {} : { $defs }) };
}

type Definitions = Map<DtoClass, { readonly name: string; schema: JsonSchema }>;

function objectSchema(dtoClass: DtoClass, definitions: Definitions): JsonSchema {
  const properties: Record<string, JsonSchema> = {};
  const required: string[] = [];
  for (const field of fieldMetadataOf(dtoClass)) {
    if (field.name === WHOLE_OBJECT) continue;
    properties[field.name] = fieldSchema(dtoClass, field, definitions);
    if (isRequired(field)) required.push(field.name);
  }
  return { type: 'object', properties, ...(required.length > 0 ? { required } : {}) };
}

/** A field that only `@Allow` mentions may be left out. */
function isRequired({ conditions, custom, defined, nested }: FieldMetadata): boolean {
  return conditions.length === 0 && custom.length + defined.length + nested.length > 0;
}

function fieldSchema(dtoClass: DtoClass, field: FieldMetadata, definitions: Definitions): JsonSchema {
  const own = field.custom.filter((entry) => entry.each !== true).map(constraintSchema);
  const each = field.custom.filter((entry) => entry.each === true).map(constraintSchema);
  const whole = merged(own);
  const type = nestedTypeOf(dtoClass, field.name);
  const reference = type === undefined || type === 'stock' ? undefined : referenceTo(type, definitions);
  const isArray = whole.type === 'array' || each.length > 0 || declaredTypeOf(dtoClass, field.name) === Array;
  if (!isArray) return reference ? { ...whole, ...reference } : whole;
  const items = reference ?? (each.length > 0 ? merged(each) : whole.items);
  return { ...whole, type: 'array', ...(items === undefined ? {} : { items }) };
}

function constraintSchema(entry: Metadata): JsonSchema {
  const [rule] = entry.constraints ?? [];
  if (rule instanceof Rule) return rule.schema();
  return knownConstraint(entry.name)?.schema(entry.constraints ?? []) ?? {};
}

/** Decorators of one field add up; of two types the narrower one stays. */
function merged(parts: readonly JsonSchema[]): JsonSchema {
  const whole: JsonSchema = Object.assign({}, ...parts);
  return parts.some(({ type }) => type === 'integer') ? { ...whole, type: 'integer' } : whole;
}

function referenceTo(type: DtoClass, definitions: Definitions): JsonSchema {
  const known = definitions.get(type);
  if (known) return { $ref: `#/$defs/${known.name}` };
  const name = freeName(type.name, definitions);
  const definition = { name, schema: {} as JsonSchema };
  // Known before its fields are: a class may hold itself.
  definitions.set(type, definition);
  definition.schema = objectSchema(type, definitions);
  return { $ref: `#/$defs/${name}` };
}

/** Two classes of one name stay two. */
function freeName(wanted: string, definitions: Definitions): string {
  const taken = new Set([...definitions.values()].map(({ name }) => name));
  let name = wanted;
  for (let i = 2; taken.has(name); i++) name = `${wanted}${i}`;
  return name;
}

/** The part of JSON Schema (draft 2020-12) that describes DTOs. */
export interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | JsonSchema;
  readonly items?: JsonSchema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly uniqueItems?: boolean;
  readonly minProperties?: number;
  readonly maxProperties?: number;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly multipleOf?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly format?: string;
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, JsonSchema>>;
  /** A series that travels as a column in MessagePack: its element type. */
  readonly 'x-column'?: 'float64';
  /** Order of a column's elements. */
  readonly 'x-order'?: 'strictlyIncreasing' | 'nonDecreasing' | 'strictlyDecreasing';
  /** The column must be as long as the named sibling. */
  readonly 'x-same-length-as'?: string;
}

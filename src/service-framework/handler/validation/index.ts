export { compileValidator, type Validator } from './compile-validator.js';
export * from './decorators.js';
export type { JsonSchema } from './json-schema.js';

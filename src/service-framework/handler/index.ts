export * from './base-handler.js';
export * from './command.js';
export * from './command-spec.js';
export * from './idempotency-store.js';
export * from './request-context.js';
export * from './role.js';
export * from './schema.js';
export * from './validation/index.js';

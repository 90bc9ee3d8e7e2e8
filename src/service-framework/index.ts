export * from './client/index.js';
export * from './handler/index.js';
export * from './host/index.js';
export * from './isolation/index.js';
export * from './protocol/index.js';
export * from './security/index.js';
export * from './telemetry/index.js';
export * from './transport/index.js';

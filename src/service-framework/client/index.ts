export * from './base-client.js';
export type { ClientCurveOptions, ClientOptions } from './client-options.js';
export type { ClientEvent, ClientEventListener } from './event-gaps.js';
export * from './failover-transport.js';
export * from './interceptor.js';
export * from './retry-policy.js';
export * from './tracing.js';

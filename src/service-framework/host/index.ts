export * from './admission.js';
export * from './host-info.js';
export type { ServiceHostOptions } from './host-options.js';
export type { ListenOptions } from './host-sockets.js';
export * from './interceptor.js';
export * from './memory-idempotency-store.js';
export * from './run-until-signal.js';
export * from './service-host.js';
export * from './tracing.js';

export * from './base-client.js';
export type { ClientCurveOptions, ClientOptions } from './client-options.js';
export type { ClientEvent, ClientEventListener } from './event-gaps.js';
export * from './interceptor.js';
export * from './pool/index.js';
export { ReplyStream, type StreamOptions } from './reply-stream.js';
export * from './retry-policy.js';
export * from './tracing.js';

export * from './command-stats.js';
export * from './event-loop-lag.js';
export * from './latency-histogram.js';
export * from './memory.js';
export * from './metrics-registry.js';
export * from './metrics-server.js';
export * from './traceparent.js';

export * from './clock.js';
export * from './config/index.js';
export * from './logger.js';
export * from './rng.js';
export * from './service-error.js';

export * from './isolated-handler.js';
export * from './isolated-handler-options.js';
export * from './load-handler.js';

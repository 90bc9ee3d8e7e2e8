export * from './committee-client.js';
export * from './committee-events.js';
export * from './stubs.js';
export * from './typed-client.js';

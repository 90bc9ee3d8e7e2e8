export * from './garch.js';
export * from './har.js';
export * from './range.js';
export * from './realized.js';

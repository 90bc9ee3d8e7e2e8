export * from './hawkes.js';
export * from './impact.js';
export * from './spreads.js';
export * from './trades.js';

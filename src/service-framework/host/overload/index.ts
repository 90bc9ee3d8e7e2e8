export * from './command-lane.js';
export * from './concurrency-limit.js';
export * from './intake.js';
export * from './scheduler.js';

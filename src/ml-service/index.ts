export * from './committee-service.js';
export * from './config.js';
export * from './decider/index.js';
export * from './dto/index.js';
export * from './evaluation/index.js';
export * from './experts/index.js';
export * from './journal/index.js';

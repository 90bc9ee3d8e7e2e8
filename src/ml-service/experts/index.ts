export * from './anomaly/index.js';
export * from './discover.js';
export * from './expert-handler.js';
export * from './opinion.js';
export * from './order-flow/index.js';
export * from './recruit.js';
export * from './regime/index.js';
export * from './seat.js';

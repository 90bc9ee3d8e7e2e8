export * from './drawdown.js';
export * from './kelly.js';
export * from './performance.js';
export * from './sharpe-luck.js';
export * from './simulation.js';
export * from './value-at-risk.js';

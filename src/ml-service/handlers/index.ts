export * from './journal-handler.js';
export * from './post-trade-handler.js';
export * from './rl-handler.js';
export * from './voting-handler.js';

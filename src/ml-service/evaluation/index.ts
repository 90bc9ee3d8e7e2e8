export * from './compare-policy.js';
export * from './evaluate-policy.js';
export * from './mean-interval.js';
export * from './off-policy.js';
export * from './policy-steps.js';

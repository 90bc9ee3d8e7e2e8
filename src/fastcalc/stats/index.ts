export * from './change-points.js';
export * from './covariance.js';
export * from './fractional.js';
export * from './jump-model.js';
export * from './quantile-sketch.js';
export * from './stationarity.js';
export * from './tail-monitor.js';
export * from './tails.js';

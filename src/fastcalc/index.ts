export {
  AGGREGATION_METHODS,
  type Aggregation,
  type AggregationMethod,
  aggregateForecasts,
} from './aggregate.js';
export * from './background/index.js';
export * from './bundle.js';
export type { IndicatorCandles } from './bundle-candles.js';
export * from './catalogue.js';
export { Decider } from './decider.js';
export type { DeciderConfig } from './decider-config.js';
export type * from './decider-types.js';
export { filterHmm, fitHmm, viterbiHmm } from './hmm.js';
export { HmmFilter } from './hmm-filter.js';
export { MAX_HMM_STATES } from './hmm-parameters.js';
export type * from './hmm-types.js';
export * from './indicators.js';
export * from './liquidity/index.js';
export * from './order-flow.js';
export * from './risk/index.js';
export * from './simd.js';
export { type DeciderBooks, type DeciderStream, STREAM_B, simulateDecider } from './simulation.js';
export * from './stats/index.js';
export * from './sweep.js';
export * from './volatility/index.js';

export type { CircuitBreakerOptions } from './circuit-breaker.js';
export type { HedgeOptions } from './hedging.js';
export { HostPool, type HostPoolOptions, type PooledHost, type RoutingOptions } from './host-pool.js';
export { rendezvousOrder } from './rendezvous.js';

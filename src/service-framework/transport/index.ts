export * from './connection-loss.js';
export * from './copy-payload.js';
export * from './deadlines.js';
export * from './in-process-transport.js';
export * from './inbound.js';
export * from './main-thread.js';
export * from './transport.js';
export * from './zmq-transport.js';

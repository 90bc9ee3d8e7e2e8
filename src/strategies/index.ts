export * from './feed.js';
export * from './paper-session.js';
export * from './paper-venue.js';
export * from './statistics.js';
export * from './strategy.js';

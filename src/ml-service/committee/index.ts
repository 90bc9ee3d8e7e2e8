export * from './builtin-member.js';
export * from './cast-votes.js';
export * from './member.js';
export * from './poll.js';
export * from './remote-member.js';
export * from './roster.js';
export * from './tally.js';

import { isolatedHost } from './support.js';

/** A host whose handler, in a process of its own, spins; it prints that one's process id and then waits. */
const at = await isolatedHost({ isolation: 'process', graceMs: 600_000, silenceMs: 600_000 });
const { pid } = await at.call<{ pid: number }>('troubled.context');
void at.call('troubled.spin', undefined, 600_000).catch(() => undefined);
// Once the spinning has been asked for, and before anything is heard of it.
setTimeout(() => process.stdout.write(`${JSON.stringify({ pid })}\n`), 300);

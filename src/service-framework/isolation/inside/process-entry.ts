import { Worker } from 'node:worker_threads';
import type { FromSide, ToSide } from '../messages.js';
import { IsolatedSide } from './isolated-side.js';
import { processMemoryBytes } from './memory.js';

/** Entry point of the child process of an isolated handler; started by `openProcessLink`. */
const side = new IsolatedSide({
  send: (messages: readonly FromSide[]) => {
    if (process.connected) process.send?.(messages, undefined, {}, () => undefined);
  },
  memoryBytes: processMemoryBytes,
  end: () => process.exit(0),
});
process.on('message', (messages) => side.take(messages as readonly ToSide[]));
// Its host is gone: nobody is left to answer.
process.on('disconnect', () => process.exit(0));
// A signal to the group, as from a terminal, is the host's to answer: it drains, and asks this one to stop.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
// And if a handler spins, no event is heard here at all.
new Worker(new URL('./orphan-watch.js', import.meta.url), { execArgv: [] }).unref();

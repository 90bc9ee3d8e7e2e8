import { parentPort } from 'node:worker_threads';
import { ServiceError } from '../../../runtime/index.js';
import type { FromSide, ToSide } from '../messages.js';
import { IsolatedSide } from './isolated-side.js';
import { threadMemoryBytes } from './memory.js';

/** Entry point of the worker thread of an isolated handler; started by `openWorkerLink`. */
const port = parentPort;
if (port === null)
  throw new ServiceError('FAILED_PRECONDITION', 'worker-entry: runs only as a worker thread');
const side = new IsolatedSide({
  send: (messages: readonly FromSide[], transfer) => port.postMessage(messages, transfer),
  memoryBytes: threadMemoryBytes,
  // A thread whose handler left a timer behind would live on.
  end: () => process.exit(0),
});
port.on('message', (messages: readonly ToSide[]) => side.take(messages));

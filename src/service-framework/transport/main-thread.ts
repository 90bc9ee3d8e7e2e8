import { isMainThread } from 'node:worker_threads';
import { ServiceError } from '../../runtime/index.js';

/**
 * A worker thread that ends while a socket of it waits to receive takes the whole process with it, and
 * a thread cannot promise that it will not be terminated. So sockets live on the main thread.
 *
 * @throws ServiceError FAILED_PRECONDITION in a worker thread
 */
export function requireMainThread(): void {
  if (isMainThread) return;
  throw new ServiceError(
    'FAILED_PRECONDITION',
    'sockets are opened on the main thread only; in a worker thread use the in-process transport',
  );
}

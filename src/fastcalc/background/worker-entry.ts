import { parentPort } from 'node:worker_threads';

import { ServiceError } from '../../runtime/index.js';
import { BACKGROUND_KERNELS } from './kernels.js';
import type { KernelAnswer, KernelCall } from './messages.js';

/* The thread of a KernelWorkers: one call after the other. */

parentPort?.on('message', (call: KernelCall) => parentPort?.postMessage(answer(call)));

function answer({ kernel, args }: KernelCall): KernelAnswer {
  try {
    const run = BACKGROUND_KERNELS[kernel] as (...args: readonly unknown[]) => unknown;
    return { ok: true, result: run(...args) };
  } catch (error) {
    const { code, message, field } = ServiceError.from(error);
    return { ok: false, code, message, ...(field === undefined ? {} : { field }) };
  }
}

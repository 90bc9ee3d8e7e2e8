import { Worker } from 'node:worker_threads';
import type { Link, LinkLimits, LinkListener } from './link.js';
import type { FromSide } from './messages.js';
import { eachLine } from './output-lines.js';

/** A worker thread. Bytes are transferred, not copied. */
export function openWorkerLink(limits: LinkLimits, listener: LinkListener): Link {
  const worker = new Worker(new URL('./inside/worker-entry.js', import.meta.url), {
    resourceLimits: { maxOldGenerationSizeMb: limits.maxHeapMb },
    stdout: true,
    stderr: true,
    execArgv: [],
    ...(limits.env === undefined ? {} : { env: limits.env }),
  });
  worker.unref();
  let reason: string | undefined;
  worker.on('message', (messages: readonly FromSide[]) => listener.onMessages(messages));
  worker.on('error', (thrown: NodeJS.ErrnoException) => {
    reason =
      thrown.code === 'ERR_WORKER_OUT_OF_MEMORY'
        ? `out of memory: more than ${limits.maxHeapMb} MB of heap`
        : `crashed: ${thrown instanceof Error ? thrown.message : String(thrown)}`;
  });
  worker.on('exit', (code) => listener.onGone(reason ?? `ended with code ${code}`));
  eachLine(worker.stdout, (line) => listener.onOutput(line));
  eachLine(worker.stderr, (line) => listener.onOutput(line));
  return {
    label: `thread ${worker.threadId}`,
    memoryBytes: () => Promise.resolve(undefined),
    send: (messages, transfer) => worker.postMessage(messages, transfer),
    kill: () => void worker.terminate(),
  };
}

import { fork } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { Link, LinkLimits, LinkListener } from './link.js';
import type { FromSide } from './messages.js';
import { eachLine } from './output-lines.js';

const ENTRY = fileURLToPath(new URL('./inside/process-entry.js', import.meta.url));

/**
 * A child process, spoken to over Node's own IPC channel. Our framing over a socket pair was measured beside
 * it: equal for one call at a time and for bulk, and what it won with many small calls goes away when the
 * calls of a turn cross as one message.
 */
export function openProcessLink(limits: LinkLimits, listener: LinkListener): Link {
  const child = fork(ENTRY, [], {
    serialization: 'advanced',
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    // Not those of this process: a debugger's port can be had only once.
    execArgv: [`--max-old-space-size=${limits.maxHeapMb}`],
    ...(limits.env === undefined ? {} : { env: limits.env }),
  });
  child.unref();
  child.channel?.unref();
  for (const pipe of [child.stdout, child.stderr]) (pipe as Socket | null)?.unref();
  const kill = (): void => {
    child.kill('SIGKILL');
  };
  // A child that spins does not notice that its channel has closed.
  process.once('exit', kill);
  let gone = false;
  const onGone = (reason: string): void => {
    if (gone) return;
    gone = true;
    process.removeListener('exit', kill);
    listener.onGone(reason);
  };
  child.on('message', (messages) => listener.onMessages(messages as readonly FromSide[]));
  child.on('error', (error) => onGone(`could not be run: ${error.message}`));
  child.on('exit', (code, signal) => onGone(signal ? `killed by ${signal}` : `exited with code ${code}`));
  eachLine(child.stdout, (line) => listener.onOutput(line));
  eachLine(child.stderr, (line) => listener.onOutput(line));
  return {
    label: `process ${child.pid ?? '(not started)'}`,
    memoryBytes: () => residentBytes(child.pid),
    send: (messages) => {
      // A channel that has just closed is told by `exit`; without a callback it would be an 'error'.
      if (child.connected) child.send([...messages], () => undefined);
    },
    kill,
  };
}

/** Resident memory as Linux tells it, whatever the process is busy with. */
async function residentBytes(pid: number | undefined): Promise<number | undefined> {
  try {
    const status = await readFile(`/proc/${pid}/status`, 'utf8');
    const kib = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1];
    return kib === undefined ? undefined : Number(kib) * 1024;
  } catch {
    return undefined;
  }
}

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const HOST = fileURLToPath(new URL('./host-process.js', import.meta.url));

/** A test host in a process of its own. */
export interface StartedHost {
  readonly child: ChildProcess;
  readonly request: string;
  /** Ends it without a word, also when it is stopped. */
  kill(): Promise<void>;
}

/** @param endpoint where it shall listen, to take the place of one that has ended */
export async function startHost(endpoint = 'tcp://127.0.0.1:0', options: object = {}): Promise<StartedHost> {
  const child = spawn(process.execPath, [HOST, endpoint, JSON.stringify(options)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const { value, done } = await createInterface({ input: child.stdout })[Symbol.asyncIterator]().next();
  if (done) throw new Error('the host ended without a word');
  const { request } = JSON.parse(value) as { request: string };
  return {
    child,
    request,
    kill: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}

/** One side of one contestant: `worker.js serve MODULE` or `worker.js call MODULE ADDRESS`. */
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import type { Contestant } from './contestant.js';
import { sequential, sideBySide } from './timing.js';
import { type WorkloadName, workloads } from './workloads.js';

/** What the parent asks of a client process. */
export interface Order {
  readonly workload: WorkloadName;
  readonly mode: 'sequential' | 'sideBySide';
  readonly budgetMs: number;
}

function say(message: unknown): void {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}

async function orders(obey: (line: string) => Promise<unknown>): Promise<void> {
  for await (const line of createInterface({ input: process.stdin })) say(await obey(line));
  // Nobody asks any more.
  process.exit(0);
}

const [side, module = '', address = ''] = process.argv.slice(2);
const { contestant } = (await import(pathToFileURL(module).href)) as { contestant: Contestant };
if (side === 'serve') {
  say(await contestant.serve(workloads(false)));
  await orders(async () => {
    const { user, system } = process.cpuUsage();
    return user + system;
  });
} else {
  const calls = await contestant.connect(address, workloads(false));
  say('connected');
  await orders((line) => {
    const { workload, mode, budgetMs } = JSON.parse(line) as Order;
    if (mode === 'sideBySide') return sideBySide(calls[workload], budgetMs);
    return sequential((calls.sequential ?? calls)[workload], budgetMs);
  });
}

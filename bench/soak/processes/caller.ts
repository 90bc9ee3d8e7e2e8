/** Calls and calls: `caller.js CallerArgument`; says how it is after each part, and goes on when told. */
import { createInterface } from 'node:readline';
import { BaseClient } from '#conclave/service-framework/index.js';
import type { Vitals } from '../helper.js';

export interface CallerArgument {
  readonly endpoint: string;
  /** Calls between two reports. */
  readonly part: number;
}

const IN_FLIGHT = 64;
const { endpoint, part } = JSON.parse(process.argv[2] ?? '{}') as CallerArgument;
const client = new BaseClient({ endpoint, timeoutMs: 30_000 });
await client.ping();

async function calls(): Promise<void> {
  let left = part;
  const caller = async (): Promise<void> => {
    while (left-- > 0) await client.call('soak.echo', { value: left });
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, caller));
}

process.stdout.write('{}\n');
for await (const _ of createInterface({ input: process.stdin })) {
  await calls();
  (globalThis as { gc?: () => void }).gc?.();
  const timers = process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
  const vitals: Vitals = { heapBytes: process.memoryUsage().heapUsed, timers, rejections: 0 };
  process.stdout.write(`${JSON.stringify(vitals)}\n`);
}
process.exit(0);

/** A host as a process: `host.js {endpoint, options}`; says where it listens, and how it is when asked. */
import { createInterface } from 'node:readline';
import { SeededRng, SystemClock, silentLogger } from '#conclave/runtime/index.js';
import { runUntilSignal, ServiceHost } from '#conclave/service-framework/index.js';
import type { HostArgument, Vitals } from '../helper.js';
import { SoakHandler } from './handler.js';

const { endpoint = 'tcp://127.0.0.1:0', options = {} } = JSON.parse(process.argv[2] ?? '{}') as HostArgument;
let rejections = 0;
process.on('unhandledRejection', () => rejections++);

function vitals(): Vitals {
  (globalThis as { gc?: () => void }).gc?.();
  return {
    heapBytes: process.memoryUsage().heapUsed,
    timers: process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length,
    rejections,
  };
}

const host = new ServiceHost({
  name: 'soak',
  version: '1',
  clock: new SystemClock(),
  rng: new SeededRng(1),
  logger: silentLogger(),
  ...options,
}).register(new SoakHandler());
const say = (line: unknown): boolean => process.stdout.write(`${JSON.stringify(line)}\n`);
say(await host.listen({ request: endpoint }));
const orders = createInterface({ input: process.stdin });
orders.on('line', () => say(vitals()));
// Nobody is there any more: nothing may be left behind.
orders.on('close', () => process.exit(1));
await runUntilSignal(host);
orders.removeAllListeners('close');
process.stdin.destroy();

import { openSync } from 'node:fs';
import { createMetricsRegistry } from '#conclave/service-framework/telemetry/index.js';
import { testHost } from './test-host.js';

/** Uses up every file descriptor of this process, and prints the metrics page all the same. */
const { host } = testHost();
await host.start();
const registry = createMetricsRegistry(host);
let opened = 0;
try {
  for (;;) {
    openSync('/dev/null', 'r');
    opened++;
  }
} catch (error) {
  const page = await registry.metrics();
  const { memory } = host.stats();
  const told = `${(error as NodeJS.ErrnoException).code} after ${opened}\n${JSON.stringify(memory)}\n${page}`;
  process.stdout.write(told, () => process.exit(0));
}

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
  process.stdout.write(`${(error as NodeJS.ErrnoException).code} after ${opened}\n${page}`, () =>
    process.exit(0),
  );
}

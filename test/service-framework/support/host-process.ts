import { parentPort } from 'node:worker_threads';
import { runUntilSignal } from '#conclave/service-framework/host/index.js';
import { testHost } from './test-host.js';

/**
 * A test host as a process of its own: prints its endpoints as one JSON line when ready, and `stopped`
 * with the reason once it has drained. Arguments: request endpoint, or listen options as JSON; options as JSON.
 */
const [endpoint = 'tcp://127.0.0.1:0', options = '{}'] = process.argv.slice(2);
const { host } = testHost({ drainTimeoutMs: 5_000, ...JSON.parse(options) });
try {
  const events = 'tcp://127.0.0.1:0';
  const endpoints = await host.listen(
    endpoint.startsWith('{') ? JSON.parse(endpoint) : { request: endpoint, events },
  );
  const say = (line: unknown): boolean => process.stdout.write(`${JSON.stringify(line)}\n`);
  say(endpoints);
  const collect = (globalThis as { gc?: () => void }).gc;
  if (collect) setInterval(collect, 10).unref();
  say({ stopped: await runUntilSignal(host) });
} catch (error) {
  parentPort?.postMessage((error as { code: string }).code);
}

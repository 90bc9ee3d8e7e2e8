import { BaseClient } from '#conclave/service-framework/index.js';
import type { Figure, Step } from '../figure.js';
import { openHost, pause } from '../helper.js';

const IN_FLIGHT = 64;
const DRAIN_LIMIT_MS = 5_000;
const CALLERS = 8;

/** A host is stopped in good order: everyone who waits is answered. */
export const drain: Step = { name: 'drain', run: drained };

/** Two hosts are restarted in turn, as for a new version: nobody notices. */
export const rolling: Step = { name: 'rolling', run: rolled };

async function drained(): Promise<Figure[]> {
  const { host, endpoint } = await openHost({ options: { drainTimeoutMs: DRAIN_LIMIT_MS } });
  const client = new BaseClient({ endpoint, retry: false, timeoutMs: 10_000 });
  try {
    await client.ping();
    const calls = Array.from({ length: IN_FLIGHT }, () => client.call('soak.wait', { ms: 300 }));
    const ended = Promise.allSettled(calls);
    await client.ping();
    const startMs = performance.now();
    host.kill('SIGTERM');
    const answered = (await ended).filter(({ status }) => status === 'fulfilled').length;
    const code = await host.exit();
    const tookMs = performance.now() - startMs;
    return [
      { figure: 'answered in flight', value: answered, unit: '', bar: IN_FLIGHT, atLeast: true },
      { figure: 'exit code', value: code ?? 255, unit: '', bar: 0 },
      { figure: 'ended after', value: tookMs, unit: 'ms', bar: DRAIN_LIMIT_MS, measured: true },
    ];
  } finally {
    await client.close();
    await host.end();
  }
}

async function rolled(): Promise<Figure[]> {
  const hosts = [await openHost(), await openHost()];
  const endpoints = hosts.map(({ endpoint }) => endpoint);
  const client = new BaseClient({ endpoints, timeoutMs: 10_000 });
  let [answered, failed] = [0, 0];
  let on = true;
  const caller = async (): Promise<void> => {
    while (on) {
      await client.call('soak.wait', { ms: 5 }).then(
        () => answered++,
        () => failed++,
      );
    }
  };
  try {
    await client.ping();
    const callers = Promise.all(Array.from({ length: CALLERS }, caller));
    for (const [i, { host }] of hosts.entries()) {
      await pause(300);
      host.kill('SIGTERM');
      await host.exit();
      hosts[i] = await openHost({ endpoint: endpoints[i] ?? '' });
      // As whoever rolls hosts out does: the next one when this one is back.
      await pause(1_500);
    }
    on = false;
    await callers;
    return [
      { figure: 'calls answered', value: answered, unit: '', bar: 500, atLeast: true, measured: true },
      { figure: 'calls failed', value: failed, unit: '', bar: 0 },
    ];
  } finally {
    on = false;
    await client.close();
    for (const { host } of hosts) await host.end();
  }
}

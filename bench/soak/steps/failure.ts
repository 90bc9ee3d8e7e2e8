import { BaseClient } from '#conclave/service-framework/index.js';
import type { Figure, Step } from '../figure.js';
import { openHost, pause } from '../helper.js';

const PENDING = 64;
const STALE = 20;
const PING_INTERVAL_MS = 200;
const LONG_MS = 60_000;

/** How long after `act` calls that are pending end, and how many of them with an error of another kind. */
async function pendingAfter(
  client: BaseClient,
  act: () => void,
): Promise<{ readonly lastMs: number; readonly odd: number }> {
  await client.ping();
  let actedMs = 0;
  let [lastMs, odd] = [0, 0];
  const pending = Array.from({ length: PENDING }, () =>
    client.call('soak.wait', { ms: LONG_MS }, { timeoutMs: LONG_MS }).then(
      () => odd++,
      (error: { code?: string }) => {
        if (error.code !== 'UNAVAILABLE') odd++;
        lastMs = Math.max(lastMs, performance.now() - actedMs);
      },
    ),
  );
  await client.ping();
  actedMs = performance.now();
  act();
  await Promise.race([Promise.all(pending), pause(10_000)]);
  return { lastMs: lastMs || 10_000, odd };
}

/** Sends effects that nobody waits for any more. */
async function abandoned(client: BaseClient, why: string): Promise<void> {
  const calls = Array.from({ length: STALE }, (_, i) =>
    client.call('soak.effect', { name: `${why} ${i}` }, { key: `${why} ${i}`, timeoutMs: 100 }),
  );
  await Promise.allSettled(calls);
}

function clientOf(endpoint: string): BaseClient {
  return new BaseClient({ endpoint, retry: false, pingIntervalMs: PING_INTERVAL_MS });
}

/** A host dies: whoever waits is told at once, and what was asked for meanwhile is not done later. */
export const killed: Step = {
  name: 'killed',
  async run(): Promise<Figure[]> {
    let { host, endpoint } = await openHost();
    const client = clientOf(endpoint);
    try {
      const { lastMs, odd } = await pendingAfter(client, () => host.kill('SIGKILL'));
      await host.exit();
      await abandoned(client, 'killed');
      ({ host } = await openHost({ endpoint }));
      await client.ping();
      await pause(100);
      const effects = await client.call<Record<string, number>>('soak.effects');
      return [
        { figure: 'pending end in', value: lastMs, unit: 'ms', bar: 50, measured: true },
        { figure: 'ended otherwise', value: odd, unit: '', bar: 0 },
        { figure: 'executed for nobody', value: Object.keys(effects).length, unit: '', bar: 0 },
      ];
    } finally {
      await client.close();
      await host.end();
    }
  },
};

/** A host stands still and comes back: what nobody waits for any more is not executed. */
export const stale: Step = {
  name: 'stale',
  async run(): Promise<Figure[]> {
    const { host, endpoint } = await openHost();
    const client = clientOf(endpoint);
    const later = clientOf(endpoint);
    try {
      await client.ping();
      host.kill('SIGSTOP');
      await abandoned(client, 'stopped');
      await pause(400);
      host.kill('SIGCONT');
      await pause(300);
      const effects = await later.call<Record<string, number>>('soak.effects');
      return [{ figure: 'executed for nobody', value: Object.keys(effects).length, unit: '', bar: 0 }];
    } finally {
      await client.close();
      await later.close();
      await host.end();
    }
  },
};

/** A host stands still: whoever waits is told soon. */
export const hung: Step = {
  name: 'hung',
  async run(): Promise<Figure[]> {
    const { host, endpoint } = await openHost();
    const client = clientOf(endpoint);
    try {
      const { lastMs, odd } = await pendingAfter(client, () => host.kill('SIGSTOP'));
      return [
        { figure: 'pending end in', value: lastMs, unit: 'ms', bar: PING_INTERVAL_MS + 100, measured: true },
        { figure: 'ended otherwise', value: odd, unit: '', bar: 0 },
      ];
    } finally {
      await client.close();
      await host.end();
    }
  },
};

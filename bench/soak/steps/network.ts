import { BaseClient } from '#conclave/service-framework/index.js';
import { BadNetwork } from '../bad-network.js';
import type { Figure, Scale, Step } from '../figure.js';
import { openHost } from '../helper.js';

const SIDE_BY_SIDE = 16;
const TIMEOUT_MS = 1_000;
const PAUSE_MS = 50;

/** Effects are asked for through a network that cuts, delays and swallows. */
export const network: Step = {
  name: 'network',
  async run(scale: Scale): Promise<Figure[]> {
    const calls = scale === 'full' ? 2_000 : 100;
    const { host, endpoint } = await openHost();
    const proxy = new BadNetwork(Number(endpoint.split(':').at(-1)), 7);
    const client = new BaseClient({ endpoint: await proxy.listen(), pingIntervalMs: 100 });
    const direct = new BaseClient({ endpoint });
    try {
      let [next, latest, failed] = [0, 0, 0];
      const caller = async (): Promise<void> => {
        for (let i = next++; i < calls; i = next++) {
          const startMs = performance.now();
          await client
            .call('soak.effect', { name: `n${i}` }, { key: `k${i}`, timeoutMs: TIMEOUT_MS })
            .catch(() => failed++);
          latest = Math.max(latest, performance.now() - startMs);
          // About as long as a connection lives, so that calls meet all that befalls one.
          await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
        }
      };
      await Promise.all(Array.from({ length: SIDE_BY_SIDE }, caller));
      const before = await direct.call<Record<string, number>>('soak.effects');
      const twice = Object.values(before).filter((count) => count > 1).length;
      // Whoever was not answered asks again with the same key, and then knows.
      for (let i = 0; i < calls; i++)
        await direct.call('soak.effect', { name: `n${i}` }, { key: `k${i}`, timeoutMs: 10_000 });
      const effects = await direct.call<Record<string, number>>('soak.effects');
      const once = Object.values(effects).filter((count) => count === 1).length;
      return [
        { figure: 'troubles', value: proxy.troubles, unit: '', bar: calls / 40, atLeast: true },
        {
          figure: 'calls answered',
          value: calls - failed,
          unit: '',
          bar: calls / 2,
          atLeast: true,
          measured: true,
        },
        {
          figure: 'latest end of a call',
          ...{ value: (latest / TIMEOUT_MS) * 100, unit: '% of its time', bar: 110, measured: true },
        },
        { figure: 'effects more than once', value: twice, unit: '', bar: 0 },
        { figure: 'effects exactly once', value: once, unit: '', bar: calls, atLeast: true },
      ];
    } finally {
      await client.close();
      await direct.close();
      await proxy.close();
      await host.end();
    }
  },
};

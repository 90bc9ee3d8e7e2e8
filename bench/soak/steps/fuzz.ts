import { BaseClient, type HostStats } from '#conclave/service-framework/index.js';
import type { Figure, Scale, Step } from '../figure.js';
import { Helper, openHost, pause, type Vitals } from '../helper.js';
import type { FuzzArgument, FuzzReport } from '../processes/fuzz.js';

/** A host is sent damaged messages by the million. */
export const fuzz: Step = {
  name: 'fuzz',
  async run(scale: Scale): Promise<Figure[]> {
    const frames = scale === 'full' ? 1_000_000 : 20_000;
    const { host, endpoint } = await openHost();
    const client = new BaseClient({ endpoint, timeoutMs: 20_000 });
    const send = async (count: number, seed: number): Promise<FuzzReport> => {
      const argument: FuzzArgument = { endpoint, frames: count, seed };
      const report = await new Helper('fuzz', argument).hear<FuzzReport>();
      await client.ping();
      return report;
    };
    try {
      // The heap of a young process grows whatever it does.
      await send(Math.ceil(frames / 10), 1);
      const before = host.residentMiB();
      const { slowestMs } = await send(frames, 2);
      // What was refused in time is counted; what still ran has a ttl of 50 ms.
      await pause(200);
      const { sockets, inFlight } = await client.call<HostStats>('service.stats');
      const grown = host.residentMiB() - before;
      const { rejections } = await host.ask<Vitals>('vitals');
      return [
        { figure: 'messages read', value: sockets.received, unit: '', bar: frames, atLeast: true },
        { figure: 'slowest message', value: slowestMs, unit: 'ms', bar: 50, measured: true },
        { figure: 'unhandled rejections', value: rejections, unit: '', bar: 0 },
        { figure: 'still in flight', value: inFlight - 1, unit: '', bar: 0 },
        { figure: 'memory grown', value: grown, unit: 'MiB', bar: 32, measured: true },
      ];
    } finally {
      await client.close();
      await host.end();
    }
  },
};

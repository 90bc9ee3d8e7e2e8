import { BaseClient } from '#conclave/service-framework/index.js';
import { type Figure, quantile, type Scale, type Step } from '../figure.js';
import { Helper, openHost, pause } from '../helper.js';
import type { FloodArgument, FloodReport } from '../processes/flood.js';

const SERVICE_MS = 2;
const QUEUE = 64;
const TIMES_CAPACITY = 10;
const FLOODS = 2;
const CONNECTIONS = 8;
const PING_EVERY_MS = 20;
const COMMAND = { command: 'soak.work', body: { ms: SERVICE_MS } };

/** Ten times what a host can do is asked of it, by clients that never give in. */
export const overload: Step = {
  name: 'overload',
  async run(scale: Scale): Promise<Figure[]> {
    const seconds = scale === 'full' ? 30 : 3;
    const { host, endpoint } = await openHost({ options: { maxInFlightPerCommand: QUEUE } });
    const client = new BaseClient({ endpoint, retry: false, timeoutMs: 10_000 });
    try {
      const perSecond = await capacity(client);
      const alone = await sequentialMs(client);
      const before = host.residentMiB();
      const floods = Array.from(
        { length: FLOODS },
        () =>
          new Helper('flood', {
            ...COMMAND,
            ...{ endpoint, connections: CONNECTIONS, seconds, ttlMs: 5_000 },
            perSecond: (perSecond * TIMES_CAPACITY) / FLOODS,
          } satisfies FloodArgument),
      );
      const watch = watchPings(client);
      let most = before;
      const memory = setInterval(() => {
        most = Math.max(most, host.residentMiB());
      }, 250);
      const ending = floods.map((flood) => flood.hear<FloodReport>());
      await pause(seconds * 1000);
      const pings = await watch.stop();
      const normal = await normalAgainMs(client, alone);
      const reports = await Promise.all(ending);
      clearInterval(memory);
      return figures(reports, { perSecond, pings, grown: most - before, normal });
    } finally {
      await client.close();
      await host.end();
    }
  },
};

/** Requests a second with enough of them waiting. */
async function capacity(client: BaseClient): Promise<number> {
  const untilMs = performance.now() + 2_000;
  let done = 0;
  const caller = async (): Promise<void> => {
    while (performance.now() < untilMs) {
      await client.call(COMMAND.command, COMMAND.body);
      done++;
    }
  };
  const startMs = performance.now();
  await Promise.all(Array.from({ length: 16 }, caller));
  return (done / (performance.now() - startMs)) * 1000;
}

async function sequentialMs(client: BaseClient): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < 50; i++) {
    const startMs = performance.now();
    await client.call(COMMAND.command, COMMAND.body);
    times.push(performance.now() - startMs);
  }
  return quantile(times, 0.5);
}

function watchPings(client: BaseClient): { stop(): Promise<number[]> } {
  const times: number[] = [];
  let on = true;
  const loop = (async () => {
    while (on) {
      const startMs = performance.now();
      await client.call('service.ping');
      times.push(performance.now() - startMs);
      await pause(PING_EVERY_MS);
    }
  })();
  return {
    stop: async () => {
      on = false;
      await loop;
      return times;
    },
  };
}

/** From the end of the flood until ten calls in a row are answered as fast as before it. */
async function normalAgainMs(client: BaseClient, aloneMs: number): Promise<number> {
  const startMs = performance.now();
  const slowMs = 3 * aloneMs + 5;
  for (let good = 0; good < 10 && performance.now() - startMs < 10_000; ) {
    const callMs = performance.now();
    const fine = await client.call(COMMAND.command, COMMAND.body).then(
      () => true,
      () => false,
    );
    good = fine && performance.now() - callMs <= slowMs ? good + 1 : 0;
    if (!fine) await pause(10);
  }
  return performance.now() - startMs;
}

interface Seen {
  readonly perSecond: number;
  readonly pings: readonly number[];
  readonly grown: number;
  readonly normal: number;
}

function figures(reports: readonly FloodReport[], { perSecond, pings, grown, normal }: Seen): Figure[] {
  const sum = (read: (report: FloodReport) => number): number =>
    reports.reduce((total, report) => total + read(report), 0);
  const worst = (read: (report: FloodReport) => number): number => Math.max(...reports.map(read));
  const serviceMs = 1000 / perSecond;
  const goodput = (sum((report) => report.acceptedPerSecond) / perSecond) * 100;
  const fewest = Math.min(...reports.map((report) => report.fewest));
  const fair = fewest / (sum((report) => report.accepted) / (FLOODS * CONNECTIONS));
  const measured = true;
  return [
    { figure: 'goodput of capacity', value: goodput, unit: '%', bar: 85, atLeast: true, measured },
    {
      figure: 'accepted p99',
      value: worst((report) => report.acceptedP99Ms),
      ...{ unit: 'ms', bar: 2.5 * QUEUE * serviceMs + 20, measured },
    },
    { figure: 'shed p99', value: worst((report) => report.shedP99Ms), unit: 'ms', bar: 50, measured },
    { figure: 'unanswered', value: sum((report) => report.unanswered), unit: '', bar: 0 },
    {
      figure: 'ended otherwise',
      value: sum(({ others }) => Object.values(others).reduce((total, count) => total + count, 0)),
      ...{ unit: '', bar: 0 },
    },
    { figure: 'shed without a time', value: sum((report) => report.shedWithoutRetry), unit: '', bar: 0 },
    { figure: 'share of the least served', value: fair, unit: '', bar: 0.5, atLeast: true, measured },
    { figure: 'memory grown', value: grown, unit: 'MiB', bar: 64, measured },
    { figure: 'reserved lane p99', value: quantile(pings, 0.99), unit: 'ms', bar: 100, measured },
    { figure: 'normal again after', value: normal, unit: 'ms', bar: 2_000, measured },
  ];
}

/**
 * What the framework adds to a round trip: `service.ping` through ServiceHost and BaseClient against a raw
 * zeromq.js ROUTER/DEALER echo of the same frame, both sequential, in one pinned run, interleaved. Only
 * the ratio means anything: absolute times belong to a machine and an hour. Beside it the throughput with
 * many calls in flight, and the in-process transport.
 *
 *     node build/bench/rpc.js [--rounds 15] [--calls 2000] [--json]
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Dealer, Router } from 'zeromq';
import { SeededRng, SystemClock, silentLogger } from '#conclave/runtime/index.js';
import { BaseClient, InProcessTransport, ServiceHost } from '#conclave/service-framework/index.js';

const SELF = fileURLToPath(import.meta.url);
const IN_FLIGHT = 256;
const TARGET_RATIO = 1.25;

const { values } = parseArgs({
  options: {
    serve: { type: 'boolean', default: false },
    measure: { type: 'string' },
    rounds: { type: 'string', default: '15' },
    calls: { type: 'string', default: '2000' },
    json: { type: 'boolean', default: false },
  },
});

interface Endpoints {
  readonly host: string;
  readonly raw: string;
}

function newHost(): ServiceHost {
  const logger = silentLogger();
  return new ServiceHost({
    name: 'bench',
    version: '0',
    clock: new SystemClock(),
    rng: new SeededRng(1),
    logger,
  });
}

/** The server process: the host and the raw echo, side by side. */
async function serve(): Promise<void> {
  const { request } = await newHost().listen({ request: 'tcp://127.0.0.1:0' });
  const router = new Router({ linger: 0 });
  await router.bind('tcp://127.0.0.1:*');
  console.log(JSON.stringify({ host: request, raw: router.lastEndpoint }));
  for await (const frames of router) await router.send(frames);
}

async function sequentialUs(calls: number, call: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < calls; i++) {
    const beforeMs = performance.now();
    await call();
    times.push(performance.now() - beforeMs);
  }
  return median(times) * 1000;
}

async function perSecond(calls: number, call: () => Promise<unknown>): Promise<number> {
  const startMs = performance.now();
  let left = calls;
  const worker = async (): Promise<void> => {
    while (left-- > 0) await call();
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, worker));
  return (calls / (performance.now() - startMs)) * 1000;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** The client process. */
async function measure(endpoints: Endpoints): Promise<void> {
  const rounds = Number(values.rounds);
  const calls = Number(values.calls);
  const client = new BaseClient({ endpoint: endpoints.host });
  const dealer = new Dealer({ linger: 0 });
  dealer.connect(endpoints.raw);
  // About the size of a ping's request and reply.
  const frame = Buffer.alloc(48, 0x2a);
  const raw = async (): Promise<void> => {
    await dealer.send(frame);
    await dealer.receive();
  };
  const ping = (): Promise<unknown> => client.call('service.ping');
  const host = newHost();
  await host.start();
  const local = new BaseClient({ transport: new InProcessTransport(host) });
  const localPing = (): Promise<unknown> => local.call('service.ping');
  for (const call of [raw, ping, localPing]) await sequentialUs(calls, call);

  const pairs: { pingUs: number; rawUs: number; ratio: number }[] = [];
  for (let round = 0; round < rounds; round++) {
    const rawUs = await sequentialUs(calls, raw);
    const pingUs = await sequentialUs(calls, ping);
    pairs.push({ rawUs, pingUs, ratio: pingUs / rawUs });
  }
  const startMs = performance.now();
  const localCalls = calls * 10;
  for (let i = 0; i < localCalls; i++) await localPing();
  const inProcessUs = ((performance.now() - startMs) / localCalls) * 1000;
  const result = {
    node: process.version,
    pinned: process.env['CONCLAVE_BENCH_PINNED'] === '1',
    rounds,
    calls,
    pingP50Us: round2(median(pairs.map(({ pingUs }) => pingUs))),
    rawP50Us: round2(median(pairs.map(({ rawUs }) => rawUs))),
    ratio: round2(median(pairs.map(({ ratio }) => ratio))),
    targetRatio: TARGET_RATIO,
    pingsPerSecond: Math.round(await perSecond(calls * 10, ping)),
    inFlight: IN_FLIGHT,
    inProcessUs: round2(inProcessUs),
  };
  console.log(values.json ? JSON.stringify(result) : table(result));
  await client.close();
  await local.close();
  await host.drain('done');
  dealer.close();
}

function round2(value: number): number {
  return Math.round(value * 100) / 100;
}

function table(result: Readonly<Record<string, unknown>>): string {
  return Object.entries(result)
    .map(([name, value]) => `${name.padEnd(16)} ${value}`)
    .join('\n');
}

/** Two processes flip between two speeds unless each has a processor of its own. */
function pinned(cpu: number, args: readonly string[], stdio: 'pipe' | 'inherit'): ChildProcess {
  const canPin = spawnSync('taskset', ['-c', String(cpu), 'true']).status === 0;
  const [command, prefix] = canPin
    ? ['taskset', ['-c', String(cpu), process.execPath]]
    : [process.execPath, []];
  return spawn(command, [...prefix, SELF, ...args], {
    stdio: ['ignore', stdio, 'inherit'],
    env: { ...process.env, CONCLAVE_BENCH_PINNED: canPin ? '1' : '0' },
  });
}

async function run(): Promise<number> {
  const server = pinned(0, ['--serve'], 'pipe');
  if (!server.stdout) throw new Error('the server has no output');
  for await (const line of createInterface({ input: server.stdout })) {
    const args = ['--measure', line, '--rounds', values.rounds, '--calls', values.calls];
    const client = pinned(1, values.json ? [...args, '--json'] : args, 'inherit');
    const code = await new Promise<number>((resolve) =>
      client.once('exit', (status) => resolve(status ?? 1)),
    );
    server.kill('SIGKILL');
    return code;
  }
  return 1;
}

if (values.serve) await serve();
else if (values.measure !== undefined) await measure(JSON.parse(values.measure) as Endpoints);
else process.exitCode = await run();

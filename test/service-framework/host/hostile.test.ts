import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createConnection, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { Dealer, Subscriber } from 'zeromq';
import { BaseClient } from '#conclave/service-framework/client/index.js';
import type { HostHealth, HostStats } from '#conclave/service-framework/host/index.js';
import { RawZmtp } from '../support/raw-zmtp.js';

const HOST = fileURLToPath(new URL('../support/host-process.js', import.meta.url));
const MIB = 1024 * 1024;

interface Victim {
  readonly child: ChildProcess;
  readonly request: string;
  readonly events: string;
}

/** A host in a process of its own, as what is done to it may be the end of it. */
async function victim(options: object = {}, descriptors?: number): Promise<Victim> {
  const limit = descriptors === undefined ? '' : `ulimit -n ${descriptors}; `;
  const script = `${limit}exec "$0" "$@"`;
  const child = spawn(
    'sh',
    ['-c', script, process.execPath, HOST, 'tcp://127.0.0.1:0', JSON.stringify(options)],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const { value } = (await lines.next()) as { value: string };
  return { child, ...(JSON.parse(value) as { request: string; events: string }) };
}

/** Ticks of the processor it has used, all threads together. */
function cpuTicks({ child }: Victim): number {
  const fields = readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return Number(fields[11]) + Number(fields[12]);
}

function residentMiB({ child }: Victim): number {
  const [, kib] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8')) ?? [];
  return Number(kib) / 1024;
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Asks until it is answered as it should be: connections may have been cut meanwhile. */
async function eventually<T>(
  ask: () => Promise<T>,
  holds: (answer: T) => boolean,
  limitMs = 20_000,
): Promise<T> {
  const endMs = performance.now() + limitMs;
  for (;;) {
    const answer = await ask().catch(() => undefined);
    if (answer !== undefined && holds(answer)) return answer;
    if (performance.now() > endMs) throw new Error(`did not happen: ${JSON.stringify(answer)}`);
    await pause(50);
  }
}

describe('a host among hostile peers', function () {
  this.timeout(60_000);
  let host: Victim;
  let client: BaseClient;
  const stats = (): Promise<HostStats> =>
    client.call<HostStats>('service.stats', undefined, { timeoutMs: 2_000 });

  async function open(options: object = {}, descriptors?: number): Promise<void> {
    host = await victim(options, descriptors);
    client = new BaseClient({ endpoint: host.request, timeoutMs: 2_000 });
    await client.ping();
  }

  afterEach(async () => {
    await client.close();
    host.child.kill('SIGKILL');
    if (host.child.exitCode === null && host.child.signalCode === null) await once(host.child, 'exit');
  });

  it('outlives a message that never ends, and gives its memory back', async () => {
    const line = 300;
    await open({ maxResidentBytes: line * MIB });
    const attacker = await RawZmtp.dealer(host.request);
    const part = Buffer.alloc(MIB, 1);
    let sent = 0;
    while (!attacker.closed && sent < 4 * line) {
      await attacker.part(part);
      sent++;
    }
    expect(attacker.closed, `after ${sent} MiB`).to.equal(true);
    const { sockets } = await eventually(stats, () => true);
    expect(sockets.endpointsCut).to.be.greaterThan(0);
    expect(residentMiB(host)).to.be.lessThan(3 * line);
  });

  it('stays below its limit of file descriptors when silent strangers connect, and serves its clients', async () => {
    await open({}, 256);
    const strangers: Socket[] = [];
    const port = Number(host.request.split(':').at(-1));
    try {
      for (let i = 0; i < 600; i++) {
        const socket = createConnection(port, '127.0.0.1');
        socket.on('error', () => undefined);
        strangers.push(socket);
        if (i % 50 === 49) await pause(20);
      }
      const { sockets } = await eventually(stats, ({ sockets: { endpointsCut } }) => endpointsCut > 0);
      expect(sockets.connections).to.be.lessThan(256);
      // The socket library's thread would spin at the limit.
      await pause(6_000);
      const before = cpuTicks(host);
      await pause(1_000);
      expect(cpuTicks(host) - before).to.be.lessThan(60);
      expect(await eventually(() => client.call('test.echo', { body: 1 }), Boolean)).to.deep.equal({
        body: 1,
      });
    } finally {
      for (const stranger of strangers) stranger.destroy();
    }
    await eventually(
      () => client.call<HostHealth>('service.health'),
      ({ ready }) => ready,
    );
  });

  it('hangs up on who does not introduce himself', async () => {
    await open();
    const silent = createConnection(Number(host.request.split(':').at(-1)), '127.0.0.1');
    silent.on('error', () => undefined);
    silent.resume();
    const startMs = performance.now();
    await once(silent, 'close');
    expect(performance.now() - startMs).to.be.lessThan(15_000);
    await client.ping();
  });

  it('does not start without room for its connections', async () => {
    await open();
    const child = spawn(
      'sh',
      [
        '-c',
        'ulimit -n 128; exec "$0" "$@"',
        process.execPath,
        HOST,
        'tcp://127.0.0.1:0',
        '{"maxConnections":100}',
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    let said = '';
    child.stdout.on('data', (text) => {
      said += String(text);
    });
    await once(child, 'exit');
    expect(said).to.equal('');
  });

  const kinds: Record<string, { count: number; prefix(i: number): Uint8Array }> = {
    'a million of them': { count: 1_000_000, prefix: (i) => Buffer.from(`topic.${i}`) },
    'long ones': { count: 40_000, prefix: () => Buffer.from(randomBytes(128).toString('hex')) },
    'longer than any topic': { count: 20_000, prefix: () => Buffer.from(randomBytes(2_000).toString('hex')) },
    'what is no text': { count: 200_000, prefix: () => randomBytes(500).map((byte) => byte | 0x80) },
  };
  for (const [what, { count, prefix }] of Object.entries(kinds))
    it(`cuts off who subscribes to too much (${what}), and publishes to the others`, async () => {
      await open();
      const attacker = await RawZmtp.connect(host.events, 'SUB');
      const waits: number[] = [];
      for (let sent = 0; sent < count && !attacker.closed; ) {
        const some = Math.min(5_000, count - sent);
        await attacker.subscribe(Array.from({ length: some }, (_, i) => prefix(sent + i)));
        sent += some;
        const startMs = performance.now();
        await client.call('service.ping', undefined, { timeoutMs: 20_000 });
        waits.push(performance.now() - startMs);
      }
      await eventually(async () => attacker.closed, Boolean);
      expect(Math.max(...waits)).to.be.lessThan(5_000);
      expect(residentMiB(host)).to.be.lessThan(600);
      if (what !== 'longer than any topic')
        expect((await eventually(stats, () => true)).sockets.endpointsCut).to.be.greaterThan(0);

      const reader = new Subscriber({ linger: 0, receiveTimeout: 20_000 });
      reader.connect(host.events);
      reader.subscribe('news');
      const heard = reader.receive();
      const publishing = setInterval(() => {
        void client.call('test.publish', { topic: 'news', count: 1 }).catch(() => undefined);
      }, 50);
      expect(String((await heard)[0])).to.equal('news');
      clearInterval(publishing);
      reader.close();
    });

  it('publishes as fast as ever while there are many subscriptions', async () => {
    await open();
    const many = await RawZmtp.connect(host.events, 'SUB');
    for (let i = 0; i < 60_000; i += 5_000)
      await many.subscribe(Array.from({ length: 5_000 }, (_, j) => Buffer.from(`topic.${i + j}`)));
    await eventually(
      () => client.call('test.publish', { topic: 'topic.59999', count: 1 }, { timeoutMs: 10_000 }),
      () => true,
    );
    const startMs = performance.now();
    await client.call('test.publish', { topic: 'news', count: 1_000 }, { timeoutMs: 20_000 });
    expect(performance.now() - startMs).to.be.lessThan(5_000);
    expect((await stats()).sockets.endpointsCut).to.equal(0);
    expect(many.closed).to.equal(false);
    many.close();
  });

  it('is not brought to its knees by one peer that fills every message to the brim', async () => {
    await open({ maxInFlightPerCommand: 64 });
    const attacker = new Dealer({ linger: 0, sendTimeout: 0 });
    attacker.connect(host.request);
    void (async () => {
      for await (const _ of attacker);
    })();
    let id = 0;
    const batch = (): string =>
      `[${Array.from({ length: 4_000 }, () => `{"v":1,"id":${++id},"cmd":"test.sleep","ttl":500,"body":{"ms":400}}`).join(',')}]`;
    const endMs = performance.now() + 3_000;
    const waits: number[] = [];
    while (performance.now() < endMs) {
      for (let i = 0; i < 4; i++) await attacker.send(batch()).catch(() => undefined);
      const startMs = performance.now();
      await client.call('service.ping', undefined, { timeoutMs: 5_000 });
      waits.push(performance.now() - startMs);
    }
    attacker.close();
    const { commands } = await eventually(stats, () => true);
    const { errors, shed, limit } = commands.find(({ command }) => command === 'test.sleep') ?? {};
    expect(shed).to.be.greaterThan(1_000);
    expect(errors?.RESOURCE_EXHAUSTED).to.equal(shed);
    expect(limit).to.be.within(8, 64);
    waits.sort((a, b) => a - b);
    expect(waits[Math.floor(waits.length / 2)]).to.be.lessThan(1_000);
  });
});

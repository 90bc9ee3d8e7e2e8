import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { expect } from 'chai';
import { BaseClient } from '#conclave/service-framework/client/index.js';
import type { HostStats } from '#conclave/service-framework/host/index.js';
import { RawDealer } from '../support/raw-client.js';
import { errorOf } from '../support/test-host.js';

const HOST = fileURLToPath(new URL('../support/host-process.js', import.meta.url));
const CLIENT = fileURLToPath(new URL('../support/client-process.js', import.meta.url));

interface HostProcess {
  readonly child: ChildProcess;
  readonly request: string;
  line(): Promise<Record<string, string>>;
}

async function startHost(endpoint = 'tcp://127.0.0.1:0', options: object = {}): Promise<HostProcess> {
  const child = spawn(process.execPath, ['--expose-gc', HOST, endpoint, JSON.stringify(options)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const line = async (): Promise<Record<string, string>> => {
    const { value, done } = await lines.next();
    if (done) throw new Error('the host ended without a word');
    return JSON.parse(value) as Record<string, string>;
  };
  const { request = '' } = await line();
  return { child, request, line };
}

async function exitCode(child: ChildProcess): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  return child.exitCode;
}

describe('a host as a process', () => {
  let host: HostProcess;
  const clients: BaseClient[] = [];
  const connect = (): BaseClient => {
    const client = new BaseClient({ endpoint: host.request, timeoutMs: 10_000 });
    clients.push(client);
    return client;
  };
  afterEach(async () => {
    for (const client of clients.splice(0)) await client.close();
    host.child.kill('SIGKILL');
    await exitCode(host.child);
  });

  it('goes on when handlers hang, and keeps its port while garbage is collected', async () => {
    host = await startHost();
    const hung = Array.from({ length: 20 }, () =>
      errorOf(connect().call('test.hang', {}, { timeoutMs: 50 })),
    );
    for (const each of hung) expect(await each).to.include({ code: 'DEADLINE_EXCEEDED' });
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await connect().call('test.echo', { body: 1 })).to.deep.equal({ body: 1 });
    expect(await connect().call('service.health')).to.include({ ready: true });
    expect(host.child.exitCode).to.equal(null);
  });

  it('answers what is in flight on SIGTERM, then ends with 0', async () => {
    host = await startHost();
    await connect().ping();
    const running = connect().call('test.sleep', { ms: 300 });
    await connect().ping();
    host.child.kill('SIGTERM');
    host.child.kill('SIGINT');
    expect(await running).to.equal('slept');
    // Two signals arrive in either order.
    expect((await host.line())['stopped']).to.match(/^SIG(TERM|INT)$/);
    expect(await exitCode(host.child)).to.equal(0);
  });

  it('ends with 0 when drained by command', async () => {
    host = await startHost();
    expect(await connect().call('service.drain')).to.deep.equal({ draining: true });
    expect(await host.line()).to.deep.equal({ stopped: 'service.drain' });
    expect(await exitCode(host.child)).to.equal(0);
  });

  it('that is killed ends requests in flight with UNAVAILABLE; restarted, it is found again', async () => {
    host = await startHost();
    const survivor = connect();
    await survivor.ping();
    const lost = errorOf(survivor.call('test.sleep', { ms: 60_000 }, { timeoutMs: 60_000 }));
    await survivor.ping();
    host.child.kill('SIGKILL');
    expect(await lost).to.include({ code: 'UNAVAILABLE' });
    await exitCode(host.child);
    host = await startHost(host.request);
    expect(await survivor.call('test.echo', { body: 2 })).to.deep.equal({ body: 2 });
  });

  it('that is stopped answers late, which its client does not wait for', async () => {
    host = await startHost();
    const patient = connect();
    await patient.ping();
    host.child.kill('SIGSTOP');
    expect(await errorOf(patient.call('test.echo', { body: 1 }, { timeoutMs: 100 }))).to.include({
      code: 'DEADLINE_EXCEEDED',
    });
    host.child.kill('SIGCONT');
    expect(await patient.call('test.echo', { body: 2 })).to.deep.equal({ body: 2 });
  });

  it('stays small while a handler hangs and 60 clients send on', async function () {
    this.timeout(60_000);
    host = await startHost('tcp://127.0.0.1:0', { maxInFlightPerCommand: 256 });
    const residentMiB = (): number => {
      const [, kib] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${host.child.pid}/status`, 'utf8')) ?? [];
      return Number(kib) / 1024;
    };
    const observer = connect();
    await observer.ping();
    const before = residentMiB();
    const senders = Array.from({ length: 60 }, () => new RawDealer(host.request));
    const envelope = (id: number): object => ({
      v: 1,
      id,
      cmd: 'test.hang',
      ttl: 60_000,
      body: { body: new Uint8Array(10 * 1024) },
    });
    for (let round = 0; round < 50; round++)
      await Promise.all(
        senders.map(async (each) => {
          for (let i = 0; i < 4; i++) await each.msgpack(envelope(round * 4 + i));
        }),
      );
    let stats = await observer.call<HostStats>('service.stats');
    // The observer is served first: what was sent before it asked may still be on its way.
    for (const untilMs = Date.now() + 30_000; stats.sockets.received <= 2_000 && Date.now() < untilMs; )
      stats = await observer.call<HostStats>('service.stats');
    const { received } = stats.sockets;
    // Everything has been read and shed but what is in flight: nothing piles up.
    expect(residentMiB() - before).to.be.lessThan(250);
    expect(received).to.be.greaterThan(2_000);
    const hang = stats.commands.find(({ command }) => command === 'test.hang');
    expect(hang?.inFlight).to.equal(256);
    expect(hang?.errors.RESOURCE_EXHAUSTED).to.be.greaterThan(1_000);
    for (const each of senders) each.close();
  });
});

describe('a client as a process', () => {
  it('of a dead host is told so and ends by itself', async () => {
    const child = spawn(process.execPath, [CLIENT, 'tcp://127.0.0.1:1'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [said] = (await once(child.stdout, 'data')) as [Buffer];
    expect(String(said)).to.equal('UNAVAILABLE\n');
    expect(await exitCode(child)).to.equal(0);
  });

  it('of a host that hangs gives up in time and ends by itself', async () => {
    const host = await startHost();
    host.child.kill('SIGSTOP');
    const child = spawn(process.execPath, [CLIENT, host.request], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [said] = (await once(child.stdout, 'data')) as [Buffer];
    expect(String(said)).to.match(/^(UNAVAILABLE|DEADLINE_EXCEEDED)\n$/);
    expect(await exitCode(child)).to.equal(0);
    host.child.kill('SIGKILL');
  });
});

describe('a worker thread', () => {
  it('may not open sockets: its end would take the process with it', async () => {
    const worker = new Worker(HOST, { argv: ['tcp://127.0.0.1:0'] });
    const [code] = (await once(worker, 'message')) as [string];
    expect(code).to.equal('FAILED_PRECONDITION');
    await worker.terminate();
  });
});

import { once } from 'node:events';
import { expect } from 'chai';
import { BaseClient, type ClientOptions } from '#conclave/service-framework/client/index.js';
import { type StartedHost, startHost } from '../../support/start-host.js';
import { errorOf } from '../../support/test-host.js';

/** Well above what a loaded machine keeps a healthy host from answering, and far below the calls' own time. */
const PING_MS = 1_500;

describe('a client of hosts that are processes', function () {
  this.timeout(60_000);
  const hosts: StartedHost[] = [];
  const clients: BaseClient[] = [];

  const start = async (count: number): Promise<readonly StartedHost[]> => {
    const started = await Promise.all(Array.from({ length: count }, () => startHost()));
    hosts.push(...started);
    return started;
  };
  const connect = async (of: readonly StartedHost[], options: ClientOptions = {}): Promise<BaseClient> => {
    const client = new BaseClient({
      endpoints: of.map(({ request }) => request),
      timeoutMs: 30_000,
      connectTimeoutMs: 10_000,
      pingIntervalMs: PING_MS,
      ...options,
    });
    clients.push(client);
    // Connected to all of them, so that what follows is about hosts that go, not hosts that come.
    for (const { request } of of) {
      const single = new BaseClient({ endpoint: request, connectTimeoutMs: 10_000 });
      await single.ping({ timeoutMs: 20_000 });
      await single.close();
    }
    await client.ping();
    return client;
  };
  afterEach(async () => {
    await Promise.all(clients.splice(0).map((client) => client.close()));
    await Promise.all(hosts.splice(0).map((host) => host.kill()));
  });

  it('goes on with the second when the first is killed: keyed calls as if nothing had been', async () => {
    const [first, second] = await start(2);
    const client = await connect([first, second] as StartedHost[], { retry: { budgetBurst: 100 } });
    const keyed = Array.from({ length: 8 }, (_, i) =>
      client.call<{ total: number }>('test.count', { by: 1, delayMs: 300 }, { key: `k${i}` }),
    );
    const unkeyed = errorOf(client.call('test.hang'));
    await client.ping();
    await first?.kill();
    expect(await unkeyed).to.include({ code: 'UNAVAILABLE' });
    const totals = (await Promise.all(keyed)).map(({ total }) => total);
    expect(Math.max(...totals)).to.equal(8);
    await client.ping();
  });

  it('ends what a host that hangs owes, within the ping interval, and comes back to it when it wakes', async () => {
    const [first, second] = await start(2);
    const client = await connect([first, second] as StartedHost[]);
    const hung = errorOf(client.call('test.hang', undefined, { timeoutMs: 50_000 }));
    const keyed = client.call('test.count', { by: 1, delayMs: 200 }, { key: 'k', timeoutMs: 50_000 });
    await client.ping();
    const stoppedMs = performance.now();
    first?.child.kill('SIGSTOP');
    expect(await hung).to.include({ code: 'UNAVAILABLE' });
    expect(performance.now() - stoppedMs).to.be.below(PING_MS + 10_000);
    // On the other host: the stopped one could not say that it had begun.
    expect(await keyed).to.include({ total: 1 });
    first?.child.kill('SIGCONT');
    const back = new BaseClient({ endpoint: first?.request ?? '' });
    clients.push(back);
    await back.ping({ timeoutMs: 20_000 });
    await second?.kill();
    await client.ping();
  });

  it('ends a stream when its host is killed, and when it hangs, after the items that came', async () => {
    for (const signal of ['SIGKILL', 'SIGSTOP'] as const) {
      const [host] = await start(1);
      const client = await connect([host as StartedHost]);
      const stream = client.stream<{ i: number }>(
        'test.stream',
        { count: 3, end: 'wait' },
        { timeoutMs: 50_000 },
      );
      for (let i = 1; i <= 3; i++) expect(await stream.next()).to.deep.equal({ done: false, value: { i } });
      host?.child.kill(signal);
      expect(await errorOf(stream.next()), signal).to.include({ code: 'UNAVAILABLE' });
    }
  });

  it('fails no call while two hosts are restarted one after the other', async () => {
    const started = [...(await start(2))];
    for (const routing of ['ordered', 'balanced'] as const) {
      const client = await connect(started, { routing, retry: { budgetBurst: 1_000 } });
      let [stop, answered] = [false, 0];
      const failures: unknown[] = [];
      const callers = Array.from({ length: 4 }, async (_, caller) => {
        for (let i = 0; !stop; i++)
          await client.call('test.count', { by: 1 }, { key: `${routing}-${caller}-${i}` }).then(
            () => answered++,
            (error) => failures.push(error),
          );
      });
      for (const [i, host] of started.entries()) {
        const before = answered;
        while (answered < before + 20) await new Promise((resolve) => setTimeout(resolve, 5));
        host.child.kill('SIGTERM');
        await once(host.child, 'exit');
        expect(host.child.exitCode).to.equal(0);
        const again = await startHost(host.request);
        hosts.push(again);
        started[i] = again;
        const single = new BaseClient({ endpoint: again.request, connectTimeoutMs: 10_000 });
        await single.ping({ timeoutMs: 20_000 });
        await single.close();
        // The pool connects by itself, in its own time.
        await new Promise((resolve) => setTimeout(resolve, 1_500));
      }
      stop = true;
      await Promise.all(callers);
      expect(failures).to.deep.equal([]);
      expect(answered).to.be.greaterThan(40);
    }
  });

  it('asks a second host where the first has stopped, without waiting for anybody to notice', async () => {
    const started = await start(2);
    const client = await connect(started, {
      pingIntervalMs: 0,
      hedge: { commands: ['test.echo'], minDelayMs: 20 },
    });
    for (let i = 0; i < 30; i++) await client.call('test.echo', { body: i });
    started[0]?.child.kill('SIGSTOP');
    expect(await client.call('test.echo', { body: 'hedged' })).to.deep.equal({ body: 'hedged' });
    started[0]?.child.kill('SIGCONT');
  });

  it('closes at once, whatever its hosts do', async () => {
    const started = await start(2);
    const client = await connect(started);
    const pending = ['test.hang', 'test.hang'].map((command) => errorOf(client.call(command)));
    const stream = client.stream('test.stream', { count: 1e9 });
    await stream.next();
    for (const { child } of started) child.kill('SIGSTOP');
    const startMs = performance.now();
    await client.close();
    for (const each of pending) expect(await each).to.include({ code: 'CANCELLED' });
    expect(await errorOf(stream.result)).to.include({ code: 'CANCELLED' });
    // Neither the ping interval nor the calls' time: closing waits for nobody.
    expect(performance.now() - startMs).to.be.below(PING_MS);
  });
});

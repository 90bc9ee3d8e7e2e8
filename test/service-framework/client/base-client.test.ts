import { expect } from 'chai';
import { SeededRng } from '#conclave/runtime/index.js';
import {
  BaseClient,
  type ClientEvent,
  type ClientOptions,
} from '#conclave/service-framework/client/index.js';
import { ConnectionLoss, InProcessTransport } from '#conclave/service-framework/transport/index.js';
import { fail, type Script, ScriptedTransport } from '../support/scripted-transport.js';
import { errorOf, testHost, until } from '../support/test-host.js';

function scripted(
  script: Script,
  options: ClientOptions = {},
): { client: BaseClient; transport: ScriptedTransport } {
  const transport = new ScriptedTransport(script);
  const retry = { baseDelayMs: 1, maxDelayMs: 2 };
  return { transport, client: new BaseClient({ transport, rng: new SeededRng(1), retry, ...options }) };
}

describe('BaseClient', () => {
  it('repeats a shed request until it is served', async () => {
    const { client, transport } = scripted((_call, number) =>
      number < 3 ? fail('RESOURCE_EXHAUSTED') : 'served',
    );
    expect(await client.call('a.b')).to.equal('served');
    expect(transport.calls).to.have.length(3);
  });

  it('repeats an unanswered request only with a key, and with the same one', async () => {
    const script: Script = (_call, number) =>
      number === 1 ? fail('UNAVAILABLE', new ConnectionLoss(true)) : 'served';
    const keyed = scripted(script);
    expect(await keyed.client.call('a.b', { x: 1 }, { key: 'k' })).to.equal('served');
    expect(keyed.transport.calls.map(({ key, payload }) => [key, payload])).to.deep.equal([
      ['k', { x: 1 }],
      ['k', { x: 1 }],
    ]);
    const unkeyed = scripted(script);
    expect(await errorOf(unkeyed.client.call('a.b'))).to.include({ code: 'UNAVAILABLE' });
    expect(unkeyed.transport.calls).to.have.length(1);
  });

  it('repeats nothing that the host refused, nor what it was told not to', async () => {
    const { client, transport } = scripted(() => fail('INVALID_ARGUMENT'));
    expect(await errorOf(client.call('a.b', {}, { key: 'k' }))).to.include({ code: 'INVALID_ARGUMENT' });
    expect(transport.calls).to.have.length(1);
    const once = scripted(() => fail('RESOURCE_EXHAUSTED'));
    expect(await errorOf(once.client.call('a.b', {}, { retry: false }))).to.include({
      code: 'RESOURCE_EXHAUSTED',
    });
    expect(once.transport.calls).to.have.length(1);
    const never = scripted(() => fail('RESOURCE_EXHAUSTED'), { retry: false });
    await errorOf(never.client.call('a.b'));
    expect(never.transport.calls).to.have.length(1);
  });

  it('gives all tries together the time of the call', async () => {
    const { client, transport } = scripted(() => fail('RESOURCE_EXHAUSTED'), {
      retry: { maxAttempts: 100, baseDelayMs: 5, maxDelayMs: 20, budgetBurst: 100 },
    });
    expect(await errorOf(client.call('a.b', {}, { timeoutMs: 60 }))).to.include({
      code: 'RESOURCE_EXHAUSTED',
    });
    const times = transport.calls.map(({ timeoutMs }) => timeoutMs);
    expect(times[0]).to.be.at.most(60);
    expect([...times].sort((a, b) => b - a)).to.deep.equal(times);
  });

  it('asks again with the same key when one try goes unanswered, if tries are shorter than the call', async () => {
    const { client, transport } = scripted(
      (_call, number) => (number === 1 ? fail('DEADLINE_EXCEEDED') : 'served'),
      { retry: { attemptTimeoutMs: 20, baseDelayMs: 1 } },
    );
    expect(await client.call('a.b', {}, { key: 'k', timeoutMs: 1_000 })).to.equal('served');
    expect(transport.calls.map(({ timeoutMs }) => timeoutMs)).to.deep.equal([20, 20]);
  });

  it('ends a wait between tries when the caller gives up, or the client is closed', async () => {
    const slow = { retry: { baseDelayMs: 60_000, maxDelayMs: 60_000 }, timeoutMs: 600_000 };
    const first = scripted(() => fail('RESOURCE_EXHAUSTED'), slow);
    const giveUp = new AbortController();
    const call = errorOf(first.client.call('a.b', {}, { signal: giveUp.signal }));
    await until(() => first.transport.calls.length === 1);
    giveUp.abort();
    expect(await call).to.include({ code: 'CANCELLED' });
    const second = scripted(() => fail('RESOURCE_EXHAUSTED'), slow);
    const pending = errorOf(second.client.call('a.b'));
    await until(() => second.transport.calls.length === 1);
    await second.client.close();
    expect(await pending).to.include({ code: 'CANCELLED' });
    expect(second.transport.closed).to.equal(1);
  });

  it('turns what is no ServiceError into INTERNAL', async () => {
    const { client } = scripted(() => {
      throw new TypeError('broken transport');
    });
    expect(await errorOf(client.call('a.b'))).to.include({ code: 'INTERNAL' });
  });

  it('refuses a time to wait that is none, and options without a way to a host', async () => {
    const { client } = scripted(() => 1);
    expect(await errorOf(client.call('a.b', {}, { timeoutMs: 0 }))).to.include({
      code: 'INVALID_ARGUMENT',
      field: 'timeoutMs',
    });
    expect(() => new BaseClient({})).to.throw(/endpoint/);
    expect(() => new BaseClient({ endpoint: 'tcp://8.8.8.8:1' })).to.throw(/CURVE/);
    expect(() => new BaseClient({ endpoint: 'tcp://127.0.0.1:1', events: ['a', 'b'] })).to.throw(/events/);
  });

  it('runs interceptors around every try, the first outermost', async () => {
    const seen: string[] = [];
    const { client } = scripted((_call, number) => (number === 1 ? fail('RESOURCE_EXHAUSTED') : 1), {
      interceptors: ['outer', 'inner'].map((name) => (next) => (call) => {
        seen.push(name);
        return next(call);
      }),
    });
    await client.call('a.b');
    expect(seen).to.deep.equal(['outer', 'inner', 'outer', 'inner']);
  });

  it('hears exact topics and prefixes, and how many events it missed', () => {
    const { client, transport } = scripted(() => 1);
    const exact: ClientEvent[] = [];
    const all: ClientEvent[] = [];
    client.subscribe('vote.BTC', (event) => exact.push(event));
    client.subscribe('vote.', (event) => all.push(event));
    const send = (topic: string, epoch: number, seq: number): void => {
      for (const listener of transport.listeners) listener({ topic, epoch, seq, timeMs: 0, body: null });
    };
    send('vote.BTC', 1, 5);
    send('vote.BTCUSDT', 1, 1);
    send('vote.BTC', 1, 6);
    send('vote.BTC', 1, 10);
    send('vote.BTC', 2, 1);
    expect(exact.map(({ seq, missed }) => [seq, missed])).to.deep.equal([
      [5, 0],
      [6, 0],
      [10, 3],
      [1, 0],
    ]);
    expect(all.map(({ topic }) => topic)).to.include('vote.BTCUSDT');
  });

  it('pings', async () => {
    const { host } = testHost();
    await host.start();
    const client = new BaseClient({ transport: new InProcessTransport(host) });
    const pong = await client.ping();
    expect(pong.timeMs).to.be.closeTo(Date.now(), 5_000);
    expect(pong.roundTripMs).to.be.at.least(0);
    await client.close();
    await host.drain('end of test');
  });

  it('works over sockets from the first call to the last', async () => {
    const { host, handler } = testHost();
    const { request, events } = await host.listen({
      request: 'tcp://127.0.0.1:0',
      events: 'tcp://127.0.0.1:0',
    });
    const client = new BaseClient({ endpoint: request, ...(events === undefined ? {} : { events }) });
    expect(await client.call('test.echo', { body: [1] })).to.deep.equal({ body: [1] });
    expect(client.state).to.equal('connected');
    expect(await client.call('test.count', { by: 2 }, { key: 'k' })).to.include({ total: 2 });
    expect(await client.call('test.count', { by: 2 }, { key: 'k' })).to.include({ total: 2 });
    const pending = errorOf(client.call('test.sleep', { ms: 60_000 }));
    await until(() => handler.log.includes('sleeping'));
    await client.close();
    expect(await pending).to.include({ code: 'CANCELLED' });
    await host.drain('end of test');
  });
});

describe('a client of two hosts', () => {
  it('goes on with the second when the first dies', async () => {
    const first = testHost({ drainTimeoutMs: 1 });
    const second = testHost();
    const a = await first.host.listen({ request: 'tcp://127.0.0.1:0' });
    const b = await second.host.listen({ request: 'tcp://127.0.0.1:0' });
    const client = new BaseClient({ endpoints: [a.request, b.request] });
    await client.call('test.count', { by: 1 }, { key: '1' });
    await first.host.drain('dies');
    for (let i = 2; i <= 10; i++) await client.call('test.count', { by: 1 }, { key: `${i}` });
    expect(first.handler.total + second.handler.total).to.equal(10);
    expect(second.handler.total).to.be.at.least(9);
    await client.close();
    await second.host.drain('end of test');
  });
});

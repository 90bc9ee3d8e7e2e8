import { expect } from 'chai';
import { ManualClock, SeededRng, ServiceError, SystemClock, silentLogger } from '#conclave/runtime/index.js';
import {
  BaseClient,
  type ClientEvent,
  type ClientOptions,
  FailoverTransport,
} from '#conclave/service-framework/client/index.js';
import {
  type CallReply,
  ConnectionLoss,
  type ConnectionState,
  type EventListener,
  InProcessTransport,
  type OutgoingCall,
  type Transport,
} from '#conclave/service-framework/transport/index.js';
import { errorOf, testHost, until } from '../support/test-host.js';

type Script = (call: OutgoingCall, number: number) => Promise<unknown> | unknown;

/** A transport that answers as told. */
class ScriptedTransport implements Transport {
  readonly calls: OutgoingCall[] = [];
  readonly listeners: EventListener[] = [];
  state: ConnectionState = 'connected';
  closed = 0;

  constructor(private readonly script: Script) {}

  async request(call: OutgoingCall): Promise<CallReply> {
    this.calls.push(call);
    return { body: await this.script(call, this.calls.length), hostUs: 1 };
  }
  subscribe(_prefix: string, listener: EventListener): { close(): void } {
    this.listeners.push(listener);
    return { close: () => undefined };
  }
  async whenConnected(): Promise<void> {
    if (this.state !== 'connected') await new Promise(() => undefined);
  }
  async close(): Promise<void> {
    this.closed++;
    this.state = 'closed';
  }
}

const fail = (code: ConstructorParameters<typeof ServiceError>[0], cause?: unknown): never => {
  throw new ServiceError(code, 'scripted', { cause });
};

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

describe('FailoverTransport', () => {
  const options = { logger: silentLogger(), connectTimeoutMs: 30, pingIntervalMs: 0 };
  const ping: OutgoingCall = { command: 'service.ping', timeoutMs: 1_000 };
  const pair = (clock = new SystemClock(), more: object = {}) => {
    const a = new ScriptedTransport(() => 'a');
    const b = new ScriptedTransport(() => 'b');
    return { a, b, both: new FailoverTransport([a, b], { ...options, clock, ...more }) };
  };

  it('stays with the first host while it is connected, and goes to the next when it is not', async () => {
    const { a, both } = pair();
    expect((await both.request(ping)).body).to.equal('a');
    a.state = 'disconnected';
    expect((await both.request(ping)).body).to.equal('b');
    a.state = 'connected';
    // No way back before it is needed: flapping costs more than a detour.
    expect((await both.request(ping)).body).to.equal('b');
    expect(both.state).to.equal('connected');
    await both.close();
    expect(both.state).to.equal('closed');
  });

  it('ends with UNAVAILABLE, never sent, when no host is connected in time', async () => {
    const { a, b, both } = pair();
    a.state = 'disconnected';
    b.state = 'connecting';
    const error = await errorOf(both.request(ping));
    expect(error).to.include({ code: 'UNAVAILABLE' });
    expect((error as { cause?: unknown }).cause).to.include({ sent: false });
    expect(a.calls.length + b.calls.length).to.equal(0);
    await both.close();
  });

  it('pings a silent host, and leaves one that is connected and does not answer', async () => {
    const clock = new ManualClock();
    let hangs = false;
    const a = new ScriptedTransport(async () => (hangs ? fail('DEADLINE_EXCEEDED') : 'a'));
    const b = new ScriptedTransport(() => 'b');
    const both = new FailoverTransport([a, b], { ...options, clock, pingIntervalMs: 1_000 });
    hangs = true;
    clock.advance(1_000);
    await until(() => a.calls.length === 1);
    expect(a.calls[0]).to.include({ command: 'service.ping', timeoutMs: 1_000 });
    await new Promise((resolve) => setImmediate(resolve));
    expect((await both.request(ping)).body).to.equal('b');
    hangs = false;
    clock.advance(1_000);
    await until(() => a.calls.length === 2);
    await both.close();
  });

  it('does not ping a host that was heard, nor one that is not connected', async () => {
    const clock = new ManualClock();
    const { a, b, both } = pair(clock as never, { pingIntervalMs: 1_000 });
    b.state = 'disconnected';
    clock.advance(900);
    await both.request(ping);
    clock.advance(100);
    await new Promise((resolve) => setImmediate(resolve));
    expect(a.calls).to.have.length(1);
    expect(b.calls).to.have.length(0);
    await both.close();
  });

  it('uses a suspect host when there is no other', async () => {
    const clock = new ManualClock();
    const a = new ScriptedTransport(async ({ command }) =>
      command === 'service.ping' ? fail('DEADLINE_EXCEEDED') : 'a',
    );
    const b = new ScriptedTransport(() => 'b');
    b.state = 'disconnected';
    const both = new FailoverTransport([a, b], { ...options, clock, pingIntervalMs: 1_000 });
    clock.advance(1_000);
    await until(() => a.calls.length === 1);
    await new Promise((resolve) => setImmediate(resolve));
    expect((await both.request({ command: 'a.b', timeoutMs: 100 })).body).to.equal('a');
    await both.close();
  });

  it('hears the events of all its hosts', async () => {
    const { a, b, both } = pair();
    both.subscribe('', () => undefined).close();
    expect([a.listeners.length, b.listeners.length]).to.deep.equal([1, 1]);
    await both.close();
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

import { expect } from 'chai';
import { ManualClock, SeededRng, ServiceError, SystemClock, silentLogger } from '#conclave/runtime/index.js';
import { HostPool, type HostPoolOptions, rendezvousOrder } from '#conclave/service-framework/client/index.js';
import { ConnectionLoss, type OutgoingCall } from '#conclave/service-framework/transport/index.js';
import { fail, type Script, ScriptedTransport } from '../../support/scripted-transport.js';
import { errorOf, until } from '../../support/test-host.js';

const ping: OutgoingCall = { command: 'service.ping', timeoutMs: 1_000 };
const ask = (command: string, more: Partial<OutgoingCall> = {}): OutgoingCall => ({
  command,
  timeoutMs: 1_000,
  ...more,
});
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const NAMES = ['tcp://127.0.0.1:1', 'tcp://127.0.0.1:2', 'tcp://127.0.0.1:3'] as const;

interface Pooled {
  readonly pool: HostPool;
  readonly at: readonly [ScriptedTransport, ScriptedTransport, ScriptedTransport];
}

/** Three hosts that answer with their number, or as the script says. */
function pooled(options: Partial<HostPoolOptions> = {}, script?: (host: number) => Script): Pooled {
  const make = (i: number): ScriptedTransport => new ScriptedTransport(script?.(i) ?? (() => i));
  const at = [make(0), make(1), make(2)] as const;
  const hosts = at.map((transport, i) => ({ name: NAMES[i] as string, transport }));
  const pool = new HostPool(hosts, {
    clock: new SystemClock(),
    rng: new SeededRng(1),
    logger: silentLogger(),
    connectTimeoutMs: 30,
    pingIntervalMs: 0,
    ...options,
  });
  return { pool, at };
}

const bodyOf = async (pool: HostPool, call: OutgoingCall): Promise<unknown> =>
  (await pool.request(call)).body;

describe('HostPool, ordered', () => {
  it('stays with the first host while it is connected, and goes to the next when it is not', async () => {
    const { pool, at } = pooled();
    expect(await bodyOf(pool, ping)).to.equal(0);
    at[0].state = 'disconnected';
    expect(await bodyOf(pool, ping)).to.equal(1);
    at[0].state = 'connected';
    // No way back before it is needed: flapping costs more than a detour.
    expect(await bodyOf(pool, ping)).to.equal(1);
    expect(pool.state).to.equal('connected');
    await pool.close();
    expect(pool.state).to.equal('closed');
  });

  it('ends with UNAVAILABLE, never sent, when no host is connected in time', async () => {
    const { pool, at } = pooled();
    at[0].state = 'disconnected';
    at[1].state = 'connecting';
    at[2].state = 'disconnected';
    const error = await errorOf(pool.request(ping));
    expect(error).to.include({ code: 'UNAVAILABLE' });
    expect((error as { cause?: unknown }).cause).to.include({ sent: false });
    expect(at.flatMap(({ calls }) => calls)).to.have.length(0);
    await pool.close();
  });

  it('asks another host at once when one says that it starts or stops, and leaves it alone for a while', async () => {
    const draining = new ServiceError('FAILED_PRECONDITION', 'the host is draining', {
      details: { hostState: 'draining' },
    });
    const { pool, at } = pooled({}, (i) => () => {
      if (i < 2) throw draining;
      return i;
    });
    expect(await bodyOf(pool, ask('a.b', { key: 'k' }))).to.equal(2);
    expect(await bodyOf(pool, ask('a.b'))).to.equal(2);
    expect(at.map(({ calls }) => calls.length)).to.deep.equal([1, 1, 2]);
    at[2].state = 'disconnected';
    expect(await errorOf(pool.request(ask('a.b')))).to.equal(draining);
    await pool.close();
  });

  it('takes no other refusal for that', async () => {
    const { pool, at } = pooled({}, () => () => fail('FAILED_PRECONDITION'));
    expect(await errorOf(pool.request(ask('a.b')))).to.include({ code: 'FAILED_PRECONDITION' });
    expect(at.map(({ calls }) => calls.length)).to.deep.equal([1, 0, 0]);
    await pool.close();
  });

  it('hears the events of all its hosts', async () => {
    const { pool, at } = pooled();
    pool.subscribe('', () => undefined).close();
    expect(at.map(({ listeners }) => listeners.length)).to.deep.equal([1, 1, 1]);
    await pool.close();
  });
});

describe('HostPool and hosts that say nothing', () => {
  /** So that timers and promises take turns, as they do in life. */
  async function pass(clock: ManualClock, ms: number): Promise<void> {
    for (let i = 0; i < 10; i++) {
      clock.advance(ms / 10);
      await turn();
    }
  }

  it('asks a silent one for a sign of life, leaves one that gives none, and ends what it owes', async () => {
    const clock = new ManualClock();
    let hangs = false;
    const { pool, at } = pooled(
      { clock, pingIntervalMs: 1_000 },
      (i) => () => (i === 0 && hangs ? new Promise(() => undefined) : i),
    );
    await pass(clock, 2_000);
    expect(at[0].calls.every(({ command }) => command === 'service.ping')).to.equal(true);
    expect(at[0].calls.length).to.be.at.least(2);
    await pool.request(ask('a.b'));
    hangs = true;
    pool.request(ask('a.b', { timeoutMs: 60_000 })).catch(() => undefined);
    await pass(clock, 900);
    expect(at[0].abandoned).to.have.length(0);
    await pass(clock, 200);
    expect(at[0].abandoned[0]).to.include({ code: 'UNAVAILABLE' });
    expect(at[0].abandoned[0]?.cause).to.be.instanceOf(ConnectionLoss).and.include({ sent: true });
    expect(await bodyOf(pool, ask('a.b'))).to.equal(1);
    await pool.close();
  });

  it('does not ping a host that is heard, nor one that is not connected', async () => {
    const clock = new ManualClock();
    const { pool, at } = pooled({ clock, pingIntervalMs: 1_000 });
    at[1].state = 'disconnected';
    at[2].state = 'disconnected';
    for (let i = 0; i < 10; i++) {
      await pool.request(ask('a.b'));
      await pass(clock, 300);
    }
    expect(at[0].calls.every(({ command }) => command === 'a.b')).to.equal(true);
    expect(at[1].calls).to.have.length(0);
    await pool.close();
  });

  it('uses a suspect host when there is no other, and trusts it again once it answers', async () => {
    const clock = new ManualClock();
    const { pool, at } = pooled(
      { clock, pingIntervalMs: 1_000 },
      (i) =>
        ({ command }) =>
          command === 'service.ping' ? new Promise(() => undefined) : i,
    );
    at[1].state = 'disconnected';
    at[2].state = 'disconnected';
    await pass(clock, 1_500);
    expect(await bodyOf(pool, ask('a.b'))).to.equal(0);
    at[1].state = 'connected';
    expect(await bodyOf(pool, ask('a.b'))).to.equal(0);
    await pool.close();
  });

  it('blames no host for the time that this process itself was asleep', async () => {
    const clock = new ManualClock();
    const { pool } = pooled({ clock, pingIntervalMs: 1_000 }, (i) => () => i);
    await pass(clock, 100);
    pool.request(ask('a.b')).catch(() => undefined);
    await turn();
    // One leap: the timer that was due long ago fires late, and so does everything that has arrived.
    clock.advance(60_000);
    await turn();
    await pass(clock, 300);
    expect(await bodyOf(pool, ask('a.b'))).to.equal(0);
    await pool.close();
  });
});

describe('HostPool, balanced', () => {
  it('asks every host, and the slow one least', async () => {
    const delays = [1, 1, 40];
    const { pool, at } = pooled({ routing: 'balanced' }, (i) => async () => {
      await new Promise((resolve) => setTimeout(resolve, delays[i]));
      return i;
    });
    for (let i = 0; i < 60; i++) await pool.request(ask('a.b'));
    const [a, b, c] = at.map(({ calls }) => calls.length) as [number, number, number];
    expect(Math.min(a, b)).to.be.greaterThan(10);
    expect(c).to.be.below(10);
    await pool.close();
  });

  it('counts what a host still owes: one that answers nothing gets no more than its share', async () => {
    const { pool, at } = pooled({ routing: 'balanced' }, (i) => async () => {
      await new Promise((resolve) => setTimeout(resolve, 3));
      return i;
    });
    await Promise.all(Array.from({ length: 30 }, () => pool.request(ask('a.b'))));
    await Promise.all(Array.from({ length: 90 }, () => pool.request(ask('a.b'))));
    for (const { calls } of at) expect(calls.length).to.be.within(15, 70);
    await pool.close();
  });

  it('asks only hosts that are well', async () => {
    const { pool, at } = pooled({ routing: 'balanced' });
    at[1].state = 'disconnected';
    for (let i = 0; i < 50; i++) expect(await bodyOf(pool, ask('a.b'))).not.to.equal(1);
    await pool.close();
  });
});

describe('HostPool with shards', () => {
  const bySymbol = (_command: string, payload: unknown): string | undefined =>
    (payload as { symbol?: string } | undefined)?.symbol;
  const symbols = Array.from({ length: 30 }, (_, i) => `S${i}/USD`);
  const owner = (symbol: string): number => rendezvousOrder(NAMES, symbol)[0] as number;

  it('sends every call of a key to the host of the key, and others anywhere', async () => {
    const { pool } = pooled({ shardBy: bySymbol });
    for (const symbol of symbols) {
      expect(await bodyOf(pool, ask('a.b', { payload: { symbol } }))).to.equal(owner(symbol));
      expect(await bodyOf(pool, ask('c.d', { shard: symbol }))).to.equal(owner(symbol));
    }
    expect(await bodyOf(pool, ask('service.stats'))).to.equal(0);
    await pool.close();
  });

  it('ends the calls of a host that is down, for its state is nowhere else', async () => {
    const { pool, at } = pooled(
      { shardBy: bySymbol },
      (i) => () => (i === 1 ? fail('UNAVAILABLE', new ConnectionLoss(false)) : i),
    );
    at[1].state = 'disconnected';
    for (const symbol of symbols) {
      const asked = pool.request(ask('a.b', { payload: { symbol } }));
      if (owner(symbol) === 1) expect(await errorOf(asked)).to.include({ code: 'UNAVAILABLE' });
      else expect((await asked).body).to.equal(owner(symbol));
    }
    await pool.close();
  });

  it('ends with a typed error when the key of a call cannot be told', async () => {
    const broken = (command: string): string => {
      if (command === 'a.number') return 7 as unknown as string;
      throw new TypeError('no symbol');
    };
    const { pool, at } = pooled({ shardBy: broken });
    for (const command of ['a.number', 'a.throw']) {
      const wrong = { code: 'INVALID_ARGUMENT', field: 'shardBy' };
      expect(await errorOf(pool.request(ask(command)))).to.include(wrong);
      const streamed = new Promise<never>((_resolve, failed) => {
        pool.stream({ ...ask(command), credit: 1 }, { item: fail, replied: () => undefined, failed });
      });
      expect(await errorOf(streamed)).to.include(wrong);
    }
    const numbered = ask('a.b', { shard: 7 as unknown as string });
    expect(await errorOf(pool.request(numbered))).to.include({ code: 'INVALID_ARGUMENT', field: 'shard' });
    expect(at.flatMap(({ calls }) => calls)).to.have.length(0);
    expect(await bodyOf(pool, ask('a.b', { shard: 'S' }))).to.equal(owner('S'));
    await pool.close();
  });

  it('refuses options that cannot be meant', () => {
    for (const [field, options] of [
      ['routing', { routing: 'random' }],
      ['shardDown', { shardDown: 'hope' }],
      ['shardBy', { shardBy: 'symbol' }],
    ] as const)
      expect(() => pooled(options as unknown as Partial<HostPoolOptions>))
        .to.throw()
        .with.property('field', field);
  });

  it('no longer waits for a host that is down once its breaker is open', async () => {
    const { pool, at } = pooled({ shardBy: bySymbol, breaker: { consecutiveFailures: 2, openMs: 60_000 } });
    const [symbol = ''] = symbols.filter((each) => owner(each) === 1);
    at[1].state = 'disconnected';
    const outcome = () => errorOf(pool.request(ask('a.b', { payload: { symbol } })));
    for (let i = 0; i < 2; i++) expect((await outcome()).retryAfterMs).to.equal(undefined);
    expect((await outcome()).retryAfterMs).to.be.within(1, 60_000);
    expect(await outcome()).to.include({ code: 'UNAVAILABLE' });
    await pool.close();
  });

  it('or sends them to the next, where that is said', async () => {
    const { pool, at } = pooled({ shardBy: bySymbol, shardDown: 'next' });
    at[1].state = 'disconnected';
    for (const symbol of symbols) {
      const order = rendezvousOrder(NAMES, symbol).filter((host) => host !== 1);
      expect(await bodyOf(pool, ask('a.b', { payload: { symbol } }))).to.equal(order[0]);
    }
    await pool.close();
  });
});

describe('HostPool and its circuit breakers', () => {
  it('asks a host no more after silence upon silence, tells how long, and lets one call try', async () => {
    const clock = new ManualClock();
    let answers = false;
    const transport = new ScriptedTransport(() => (answers ? 'well' : fail('DEADLINE_EXCEEDED')));
    const pool = new HostPool([{ name: 'only', transport }], {
      ...{ clock, rng: new SeededRng(1), logger: silentLogger(), connectTimeoutMs: 30, pingIntervalMs: 0 },
      breaker: { consecutiveFailures: 3, openMs: 500 },
    });
    clock.advance(1);
    for (let i = 0; i < 3; i++) await errorOf(pool.request(ask('a.b')));
    const refused = await errorOf(pool.request(ask('a.b')));
    expect(refused).to.include({ code: 'UNAVAILABLE', retryAfterMs: 500 });
    expect((refused as { cause?: unknown }).cause)
      .to.be.instanceOf(ConnectionLoss)
      .and.include({ sent: false });
    expect(transport.calls).to.have.length(3);
    clock.advance(500);
    answers = true;
    expect(await bodyOf(pool, ask('a.b'))).to.equal('well');
    expect(await bodyOf(pool, ask('a.b'))).to.equal('well');
    await pool.close();
  });

  it('is not opened by one slow command of a host that answers others', async () => {
    const clock = new ManualClock();
    const transport = new ScriptedTransport(async ({ command }) => {
      if (command === 'slow.one') {
        clock.advance(10);
        await turn();
        await turn();
        fail('DEADLINE_EXCEEDED');
      }
      return 'well';
    });
    const pool = new HostPool([{ name: 'only', transport }], {
      ...{ clock, rng: new SeededRng(1), logger: silentLogger(), connectTimeoutMs: 30, pingIntervalMs: 0 },
      breaker: { consecutiveFailures: 2 },
    });
    for (let i = 0; i < 10; i++) {
      const slow = errorOf(pool.request(ask('slow.one')));
      await pool.request(ask('a.b'));
      await slow;
    }
    expect(await bodyOf(pool, ask('a.b'))).to.equal('well');
    await pool.close();
  });

  it('is not opened by what a host answers, be it an error, when there is no other', async () => {
    const transport = new ScriptedTransport(({ command }) =>
      command === 'a.b' ? fail('UNAVAILABLE') : 'well',
    );
    const pool = new HostPool([{ name: 'only', transport }], {
      ...{ clock: new SystemClock(), rng: new SeededRng(1), logger: silentLogger() },
      ...{ connectTimeoutMs: 30, pingIntervalMs: 0, breaker: { minCalls: 5 } },
    });
    for (let i = 0; i < 30; i++) await errorOf(pool.request(ask('a.b')));
    expect(await bodyOf(pool, ask('c.d'))).to.equal('well');
    await pool.close();
  });

  it('sends calls past a host whose dependencies fail, where there is another', async () => {
    const { pool, at } = pooled(
      { breaker: { minCalls: 4 } },
      (i) => () => (i === 0 ? fail('UNAVAILABLE') : i),
    );
    for (let i = 0; i < 4; i++) await errorOf(pool.request(ask('a.b')));
    for (let i = 0; i < 20; i++) expect(await bodyOf(pool, ask('a.b'))).to.equal(1);
    expect(at[0].calls).to.have.length(4);
    await pool.close();
  });
});

describe('HostPool and streams', () => {
  it('streams from the host that is well, and passes credit on', async () => {
    const { pool, at } = pooled();
    at[0].state = 'disconnected';
    const items: unknown[] = [];
    const ended = new Promise((replied, failed) => {
      const control = pool.stream(
        { ...ask('a.b'), credit: 2 },
        { item: (item) => items.push(item), replied, failed },
      );
      control.grant(3);
    });
    expect(at[1].streams[0]?.granted).to.equal(5);
    at[1].streams[0]?.receiver.item(1);
    at[1].streams[0]?.receiver.replied({ body: 'end', hostUs: 1 });
    expect(await ended).to.include({ body: 'end' });
    expect(items).to.deep.equal([1]);
    await pool.close();
  });

  it('waits for a connection, and moves on from a host that drains', async () => {
    const { pool, at } = pooled();
    for (const transport of at) transport.state = 'disconnected';
    const refused = errorOf(
      new Promise((replied, failed) => {
        pool.stream({ ...ask('a.b'), credit: 2 }, { item: () => undefined, replied, failed });
      }),
    );
    expect(await refused).to.include({ code: 'UNAVAILABLE' });
    for (const transport of at) transport.state = 'connected';
    const control = pool.stream(
      { ...ask('a.b'), credit: 2 },
      { item: () => undefined, replied: () => undefined, failed: () => undefined },
    );
    at[0].streams[0]?.receiver.failed(
      new ServiceError('FAILED_PRECONDITION', 'draining', { details: { hostState: 'draining' } }),
    );
    await until(() => at[1].streams.length === 1);
    control.grant(1);
    expect(at[1].streams[0]?.granted).to.equal(3);
    await pool.close();
  });
});

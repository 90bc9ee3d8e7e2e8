import { expect } from 'chai';
import { SeededRng, SystemClock, silentLogger } from '#conclave/runtime/index.js';
import { type HedgeOptions, HostPool } from '#conclave/service-framework/client/index.js';
import { Hedging } from '#conclave/service-framework/client/pool/hedging.js';
import type { OutgoingCall } from '#conclave/service-framework/transport/index.js';
import { fail, type Script, ScriptedTransport } from '../../support/scripted-transport.js';
import { errorOf, until } from '../../support/test-host.js';

const never = (): Promise<never> => new Promise(() => undefined);

function pair(first: Script, second: Script, hedge: HedgeOptions = { commands: ['a.read'] }) {
  const [a, b] = [new ScriptedTransport(first), new ScriptedTransport(second)];
  const pool = new HostPool(
    [
      { name: 'a', transport: a },
      { name: 'b', transport: b },
    ],
    {
      ...{ clock: new SystemClock(), rng: new SeededRng(1), logger: silentLogger() },
      ...{ connectTimeoutMs: 30, pingIntervalMs: 0, hedge },
    },
  );
  return { pool, a, b };
}

const read = (more: Partial<OutgoingCall> = {}): OutgoingCall => ({
  command: 'a.read',
  timeoutMs: 2_000,
  ...more,
});

/** Lets the pool learn what an answer takes. */
async function teach(pool: HostPool, a: ScriptedTransport): Promise<void> {
  for (let i = 0; i < 20; i++) await pool.request(read());
  a.calls.length = 0;
}

describe('hedged requests', () => {
  it('ask a second host when the first takes unusually long; the first answer counts, the other is cancelled', async () => {
    let hangs = false;
    const { pool, a, b } = pair(
      () => (hangs ? never() : 'a'),
      () => 'b',
    );
    await teach(pool, a);
    hangs = true;
    expect((await pool.request(read())).body).to.equal('b');
    expect([a.calls.length, b.calls.length]).to.deep.equal([1, 1]);
    expect(a.calls[0]?.signal?.aborted).to.equal(true);
    expect(b.calls[0]?.signal?.aborted).to.equal(false);
    expect(b.calls[0]?.timeoutMs).to.be.below(2_000);
    await pool.close();
  });

  it('are only for commands that are known to read, and never for one with a key', async () => {
    let hangs = false;
    const { pool, a, b } = pair(
      () => (hangs ? never() : 'a'),
      () => 'b',
    );
    await teach(pool, a);
    hangs = true;
    pool.request(read({ key: 'k' })).catch(() => undefined);
    pool.request(read({ hedge: false })).catch(() => undefined);
    pool.request(read({ command: 'a.write' })).catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 80));
    expect(b.calls).to.have.length(0);
    await pool.close();
  });

  it('may be asked for by the call', async () => {
    let hangs = false;
    const { pool, a } = pair(
      () => (hangs ? never() : 'a'),
      () => 'b',
      {},
    );
    for (let i = 0; i < 20; i++) await pool.request(read({ hedge: true }));
    hangs = true;
    a.calls.length = 0;
    expect((await pool.request(read({ hedge: true }))).body).to.equal('b');
    await pool.close();
  });

  it('ask no second host before it is known what is usual', async () => {
    const { pool, b } = pair(
      () => never(),
      () => 'b',
    );
    pool.request(read()).catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(b.calls).to.have.length(0);
    await pool.close();
  });

  it('cost no more than their budget', async () => {
    let hangs = false;
    const { pool, a, b } = pair(
      () => (hangs ? never() : 'a'),
      () => never(),
    );
    await teach(pool, a);
    hangs = true;
    for (let i = 0; i < 100; i++) pool.request(read()).catch(() => undefined);
    await until(() => a.calls.length === 100);
    await new Promise((resolve) => setTimeout(resolve, 80));
    // Half of ten saved up, and one in twenty of 120.
    expect(b.calls.length).to.be.within(3, 11);
    await pool.close();
  });

  it('end with an error only when nobody answers', async () => {
    let hangs = false;
    const { pool, a } = pair(
      async () => {
        if (!hangs) return 'a';
        await new Promise((resolve) => setTimeout(resolve, 60));
        return fail('INTERNAL');
      },
      () => (hangs ? 'b' : 'x'),
    );
    await teach(pool, a);
    hangs = true;
    expect((await pool.request(read())).body).to.equal('b');
    await pool.close();
    const both = pair(
      () => fail('NOT_FOUND'),
      () => 'b',
    );
    // An answer is an answer: nobody else is asked.
    expect(await errorOf(both.pool.request(read()))).to.include({ code: 'NOT_FOUND' });
    expect(both.b.calls).to.have.length(0);
    await both.pool.close();
  });

  it('are given up as a whole', async () => {
    let hangs = false;
    const cancelled: string[] = [];
    const hang =
      (name: string): Script =>
      (call) => {
        if (!hangs) return name;
        return new Promise((_resolve, reject) => {
          call.signal?.addEventListener('abort', () => {
            cancelled.push(name);
            reject(call.signal?.reason);
          });
        });
      };
    const { pool, a, b } = pair(hang('a'), hang('b'));
    await teach(pool, a);
    hangs = true;
    const giveUp = new AbortController();
    const asked = errorOf(pool.request(read({ signal: giveUp.signal })));
    await until(() => b.calls.length === 1);
    giveUp.abort();
    await asked;
    expect(cancelled).to.deep.equal(['a', 'b']);
    await pool.close();
  });
});

describe('Hedging', () => {
  it('waits as long as most answers take, and no less than its least', () => {
    const hedging = new Hedging({ quantile: 0.9, minDelayMs: 5 });
    for (let ms = 1; ms <= 19; ms++) hedging.record('a.read', ms);
    expect(hedging.delayMs('a.read')).to.equal(undefined);
    hedging.record('a.read', 20);
    expect(hedging.delayMs('a.read')).to.equal(19);
    for (let i = 0; i < 200; i++) hedging.record('a.read', 1);
    expect(hedging.delayMs('a.read')).to.equal(5);
    expect(hedging.delayMs('a.other')).to.equal(undefined);
  });

  it('refuses settings that make no sense', () => {
    for (const bad of [
      { quantile: 0 },
      { quantile: 1 },
      { minDelayMs: -1 },
      { budgetRatio: 0 },
      { budgetRatio: 2 },
    ])
      expect(() => new Hedging(bad)).to.throw('hedge.');
  });
});

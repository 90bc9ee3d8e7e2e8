import { expect } from 'chai';
import { ManualClock } from '#conclave/runtime/index.js';
import type { StoredAnswer } from '#conclave/service-framework/handler/index.js';
import { bodyDigest } from '#conclave/service-framework/host/digest.js';
import { MemoryIdempotencyStore } from '#conclave/service-framework/host/index.js';
import { errorOf, type TestHost, testHost } from '../support/test-host.js';

const DAY_MS = 86_400_000;

describe('idempotency', () => {
  let test: TestHost;
  beforeEach(async () => {
    test = testHost();
    await test.host.start();
  });
  afterEach(() => test.host.drain('end of test'));

  const count = (by: number, key?: string, delayMs?: number) =>
    test.host.call<{ total: number; idempotency: { key: string; digest: string } }>(
      'test.count',
      delayMs === undefined ? { by } : { by, delayMs },
      key === undefined ? {} : { key },
    );

  it('refuses a command with effects without a key, naming the field', async () => {
    expect(await errorOf(count(1))).to.include({ code: 'INVALID_ARGUMENT', field: 'key' });
    for (const key of ['', 'x'.repeat(129), 7 as unknown as string])
      expect(await errorOf(count(1, key))).to.include({ code: 'INVALID_ARGUMENT', field: 'key' });
    expect(test.handler.total).to.equal(0);
  });

  it('gives a repeat with the same body the stored answer, without a second effect', async () => {
    const first = await count(5, 'k');
    const second = await count(5, 'k');
    expect(second).to.deep.equal(first);
    expect(test.handler.total).to.equal(5);
  });

  it('answers a repeat with another body with CONFLICT', async () => {
    await count(5, 'k');
    expect(await errorOf(count(6, 'k'))).to.include({ code: 'CONFLICT', field: 'key' });
    expect(test.handler.total).to.equal(5);
  });

  it('joins a repeat that comes while the first still runs', async () => {
    const answers = await Promise.all([count(5, 'k', 20), count(5, 'k', 20), count(5, 'k', 20)]);
    expect(test.handler.total).to.equal(5);
    expect(answers[1]).to.deep.equal(answers[0]);
    expect(answers[2]).to.deep.equal(answers[0]);
  });

  it('answers another body with CONFLICT while the first still runs', async () => {
    const first = count(5, 'k', 20);
    expect(await errorOf(count(6, 'k', 20))).to.include({ code: 'CONFLICT' });
    await first;
    expect(test.handler.total).to.equal(5);
  });

  it('keeps the effect single when the caller stopped waiting for the first', async () => {
    const first = test.host.call('test.count', { by: 5, delayMs: 60 }, { key: 'k', timeoutMs: 10 });
    expect(await errorOf(first)).to.include({ code: 'DEADLINE_EXCEEDED' });
    await count(5, 'k', 60);
    expect(test.handler.total).to.equal(5);
  });

  it('keeps different keys apart', async () => {
    await Promise.all([count(1, 'a'), count(2, 'b'), count(3, 'c')]);
    expect(test.handler.total).to.equal(6);
  });

  it('tells the handler key and digest, so that effect and answer can be one record', async () => {
    const { idempotency } = await count(5, 'k');
    expect(idempotency.key).to.equal('k');
    expect(idempotency.digest).to.match(/^[0-9a-f]{64}$/);
  });

  it('finds the answer in a durable store without asking the handler', async () => {
    const stored: StoredAnswer = {
      digest: (await count(5, 'first')).idempotency.digest,
      reply: { total: 'from the journal' },
    };
    const { host, handler } = testHost({ idempotency: { find: async () => stored } });
    await host.start();
    expect(await host.call('test.count', { by: 5 }, { key: 'k' })).to.deep.equal({
      total: 'from the journal',
    });
    expect(await errorOf(host.call('test.count', { by: 6 }, { key: 'k' }))).to.include({ code: 'CONFLICT' });
    expect(handler.total).to.equal(0);
    await host.drain('end of test');
  });

  it('runs again after a call that failed', async () => {
    let fails = true;
    const { host, handler } = testHost({
      interceptors: [
        (next) => (call) => {
          if (call.spec.name === 'test.count' && fails) throw new RangeError('first one fails');
          return next(call);
        },
      ],
    });
    await host.start();
    expect(await errorOf(host.call('test.count', { by: 5 }, { key: 'k' }))).to.include({ code: 'INTERNAL' });
    fails = false;
    await host.call('test.count', { by: 5 }, { key: 'k' });
    expect(handler.total).to.equal(5);
    await host.drain('end of test');
  });
});

describe('MemoryIdempotencyStore', () => {
  const answer = { digest: 'd', reply: 1 };

  it('keeps answers for more than seven days and then forgets them', () => {
    const clock = new ManualClock();
    const store = new MemoryIdempotencyStore({ clock });
    store.record('a.b', 'k', answer);
    clock.advance(7 * DAY_MS);
    expect(store.find('a.b', 'k')).to.include(answer);
    clock.advance(DAY_MS);
    expect(store.find('a.b', 'k')).to.equal(undefined);
    expect(store.size).to.equal(0);
  });

  it('sheds new keys when full rather than forget old ones', () => {
    const store = new MemoryIdempotencyStore({ clock: new ManualClock(), maxAnswers: 1 });
    store.record('a.b', 'k', answer);
    expect(store.find('a.b', 'k')).to.include(answer);
    expect(() => store.find('a.b', 'other'))
      .to.throw()
      .with.property('code', 'RESOURCE_EXHAUSTED');
  });

  it('keeps the same key of two commands apart', () => {
    const store = new MemoryIdempotencyStore({ clock: new ManualClock() });
    store.record('a.b', 'k', answer);
    expect(store.find('a.c', 'k')).to.equal(undefined);
  });
});

describe('body digest', () => {
  it('does not depend on the order of fields, nor on absent ones', () => {
    expect(bodyDigest({ a: 1, b: [1, { c: 2, d: undefined }] })).to.equal(
      bodyDigest({ b: [1, { c: 2 }], a: 1 }),
    );
  });

  it('tells bodies apart by every value, columns included', () => {
    const bodies = [{}, { a: 1 }, { a: '1' }, { a: 1.5 }, { b: 1 }, { a: [1] }, undefined];
    const columns = [new Float64Array([1, 2]), new Float64Array([2, 1])].map((a) => ({ a }));
    const digests = [...bodies, ...columns].map(bodyDigest);
    expect(new Set(digests).size).to.equal(digests.length);
  });
});

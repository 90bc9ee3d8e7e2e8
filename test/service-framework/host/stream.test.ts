import { expect } from 'chai';
import { Dealer } from 'zeromq';
import { ManualClock } from '#conclave/runtime/index.js';
import { BaseHandler, type CommandSpec } from '#conclave/service-framework/handler/index.js';
import type { ServiceHost } from '#conclave/service-framework/host/index.js';
import type { RawReply } from '../support/raw-client.js';
import { askByReq, RawDealer } from '../support/raw-client.js';
import { StreamItem } from '../support/test-handler.js';
import { testHost, until } from '../support/test-host.js';

/** As a stranger with nothing but the protocol's page would read it. */
type RawItem = RawReply & { readonly seq?: number; readonly more?: boolean };

async function itemsUntilEnd(raw: RawDealer): Promise<RawItem[]> {
  const all: RawItem[] = [];
  for (;;) {
    const message = (await raw.next()) as RawItem | RawItem[];
    all.push(...(Array.isArray(message) ? message : [message]));
    if (all.at(-1)?.ok !== undefined) return all;
  }
}

/** A drain waits, and its time passes only when it is told to. */
async function drained(host: ServiceHost, clock: ManualClock): Promise<void> {
  let done = false;
  void host.drain('end of test').then(() => {
    done = true;
  });
  await until(() => {
    clock.advance(100);
    return done;
  });
}

describe('a stream on the wire', () => {
  it('is items in order, then one reply that counts them, in the codec of the request', async () => {
    const { host } = testHost();
    const { request } = await host.listen({ request: 'tcp://127.0.0.1:0' });
    const raw = new RawDealer(request);
    const asked = { v: 1, id: 's', cmd: 'test.stream', stream: 5, body: { count: 3 } };
    for (const ask of [() => raw.json(asked), () => raw.msgpack(asked)]) {
      await ask();
      const [end, ...items] = (await itemsUntilEnd(raw)).reverse();
      expect(items.reverse()).to.deep.equal(
        [1, 2, 3].map((i) => ({ v: 1, id: 's', seq: i, more: true, body: { i } })),
      );
      expect(end).to.deep.include({ v: 1, id: 's', ok: true, seq: 3, body: { yielded: 3 } });
    }
    raw.close();
    await host.drain('end of test');
  });

  it('comes in batches only to a client that takes them', async () => {
    const { host } = testHost();
    const { request } = await host.listen({ request: 'tcp://127.0.0.1:0' });
    const raw = new RawDealer(request);
    await raw.json({ v: 1, id: 1, cmd: 'test.stream', stream: 100, body: { count: 100 } });
    for (let seq = 1; seq <= 100; seq++) expect(await raw.reply()).to.include({ seq, more: true });
    expect(await raw.reply()).to.include({ ok: true, seq: 100 });
    await raw.json({ v: 1, id: 2, cmd: 'test.stream', stream: 100, batch: true, body: { count: 100 } });
    let messages = 0;
    for (let seen = 0; seen < 101; messages++) {
      const message = await raw.next();
      seen += Array.isArray(message) ? message.length : 1;
    }
    expect(messages).to.be.below(101);
    raw.close();
    await host.drain('end of test');
  });

  it('ends with INVALID_ARGUMENT when its credit makes no sense, and credit for nothing is ignored', async () => {
    const { host, handler } = testHost();
    const { request } = await host.listen({ request: 'tcp://127.0.0.1:0' });
    const raw = new RawDealer(request);
    await raw.json({ v: 1, id: 'none', credit: 5 });
    await raw.json({ v: 1, id: 'bad', credit: 'lots' });
    for (const credit of [0, -1, 1.5, 65_536, 'many', null]) {
      await raw.json({ v: 1, id: 1, cmd: 'test.stream', stream: 2, body: { count: 1, end: 'wait' } });
      expect(await raw.reply()).to.include({ seq: 1, more: true });
      await raw.json({ v: 1, id: 1, credit });
      const end = (await raw.reply()) as RawItem;
      expect(end, `${credit}`).to.deep.include({ id: 1, ok: false, seq: 1 });
      expect(end.body).to.include({ code: 'INVALID_ARGUMENT', field: 'credit' });
    }
    await until(() => handler.log.filter((line) => line === 'stream ended').length === 6);
    // Beside a command `credit` is a field that nobody knows.
    await raw.json({ v: 1, id: 2, cmd: 'service.ping', credit: 'x' });
    expect(await raw.reply()).to.include({ id: 2, ok: true });
    // A request that is no stream takes no harm from it either.
    await raw.json({ v: 1, id: 3, cmd: 'test.sleep', body: { ms: 30 } });
    await raw.json({ v: 1, id: 3, credit: 1 });
    await raw.json({ v: 1, id: 3, credit: 0 });
    expect(await raw.reply()).to.include({ id: 3, ok: true });
    raw.close();
    await host.drain('end of test');
  });

  it('is refused to a REQ socket, which takes one reply', async () => {
    const { host } = testHost();
    const { request } = await host.listen({ request: 'tcp://127.0.0.1:0' });
    const reply = await askByReq(request, { v: 1, id: 1, cmd: 'test.stream', stream: 5, body: { count: 1 } });
    expect(reply).to.have.nested.property('body.field', 'stream');
    await host.drain('end of test');
  });

  it('says that it is alive when it has nothing to say, and so finds out that its caller is gone', async () => {
    const clock = new ManualClock();
    const { host, handler } = testHost({ clock });
    const { request } = await host.listen({ request: 'tcp://127.0.0.1:0' });
    const raw = new RawDealer(request);
    await raw.json({ v: 1, id: 1, cmd: 'test.stream', ttl: 3_000_000, stream: 1, body: { count: 2 } });
    expect(await raw.reply()).to.include({ seq: 1 });
    for (let i = 0; i < 3; i++) {
      clock.advance(5_000);
      expect(await raw.reply()).to.deep.equal({ v: 1, id: 1, more: true });
    }
    raw.close();
    await until(() => {
      clock.advance(5_000);
      return handler.log.includes('stream ended');
    });
    await until(() => host.stats().sockets.peers === 0);
    expect(host.stats().inFlight).to.equal(0);
    await drained(host, clock);
  });

  it('has the time of a stream: longer than that of a request, and not for ever', async () => {
    const clock = new ManualClock();
    const { host } = testHost({ clock, maxStreamTtlMs: 100_000 });
    const { request } = await host.listen({ request: 'tcp://127.0.0.1:0' });
    const raw = new RawDealer(request);
    await raw.json({ v: 1, id: 1, cmd: 'test.stream', ttl: 1e9, stream: 9, body: { count: 1, end: 'wait' } });
    expect(await raw.reply()).to.include({ seq: 1 });
    clock.advance(99_000);
    await until(() => host.stats().inFlight === 1);
    clock.advance(1_000);
    const replies = await itemsUntilEnd(raw);
    expect(replies.at(-1)?.body).to.include({ code: 'DEADLINE_EXCEEDED' });
    raw.close();
    await drained(host, clock);
  });

  it('waits for a reader that is slow, in bounded memory, and loses nothing', async () => {
    const { host, handler } = testHost({ socketMemoryBytes: 2 * 1024 * 1024 });
    const { request } = await host.listen({ request: 'tcp://127.0.0.1:0' });
    const slow = new Dealer({ receiveHighWaterMark: 1, receiveBufferSize: 4096, linger: 0 });
    slow.connect(request);
    const [count, bytes] = [400, 30_000];
    await slow.send(
      JSON.stringify({
        v: 1,
        id: 1,
        cmd: 'test.stream',
        ttl: 60_000,
        stream: 60_000,
        body: { count, bytes },
      }),
    );
    await until(() => host.stats().sockets.waitingBytes > 1024 * 1024);
    // All the credit in the world, and the handler stands still: its reader is the bound.
    for (let before = -1; before !== handler.yielded; ) {
      before = handler.yielded;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    expect(handler.yielded).to.be.below(count);
    expect(host.stats().sockets.waitingBytes).to.be.below(1.5 * 1024 * 1024);
    for (let seq = 1; seq <= count; seq++)
      expect(JSON.parse(String((await slow.receive())[0]))).to.include({ seq, more: true });
    expect(JSON.parse(String((await slow.receive())[0]))).to.include({ ok: true, seq: count });
    expect(host.stats().sockets).to.include({ repliesLost: 0, peersCutOff: 0 });
    slow.close();
    await host.drain('end of test');
  });

  it('is cut off with a reader that takes nothing at all', async () => {
    const { host, handler } = testHost({ stalledMs: 50, socketMemoryBytes: 2 * 1024 * 1024 });
    const { request } = await host.listen({ request: 'tcp://127.0.0.1:0' });
    const dead = new Dealer({ receiveHighWaterMark: 1, receiveBufferSize: 4096, linger: 0 });
    dead.connect(request);
    await dead.send(
      JSON.stringify({
        v: 1,
        id: 1,
        cmd: 'test.stream',
        stream: 60_000,
        body: { count: 1e9, bytes: 30_000 },
      }),
    );
    await until(() => host.stats().sockets.peersCutOff === 1, 15_000);
    await until(() => handler.log.includes('stream ended'));
    dead.close();
    await host.drain('end of test');
  });

  it('waits for its reader and for nobody else: hundreds of them run at once', async () => {
    const { host } = testHost();
    const { request } = await host.listen({ request: 'tcp://127.0.0.1:0' });
    const raw = new RawDealer(request);
    for (let id = 1; id <= 300; id++)
      await raw.json({ v: 1, id, cmd: 'test.stream', stream: 1, body: { count: 2 } });
    for (let id = 1; id <= 300; id++) expect(await raw.reply()).to.include({ id, seq: 1 });
    await raw.json({ v: 1, id: 0, cmd: 'test.echo', body: { body: 1 } });
    expect(await raw.reply()).to.include({ id: 0, ok: true });
    for (let id = 300; id >= 1; id--) await raw.json({ v: 1, id, credit: 1 });
    for (let ended = 0; ended < 300; ) if (((await raw.reply()) as RawItem).ok) ended++;
    raw.close();
    await host.drain('end of test');
  });

  it('is finished by a drain that has the time, and ended by one that has not', async () => {
    for (const [everyMs, code] of [
      [1, undefined],
      [1_000, 'UNAVAILABLE'],
    ] as const) {
      const { host, handler } = testHost({ drainTimeoutMs: 500 });
      const { request } = await host.listen({ request: 'tcp://127.0.0.1:0' });
      const raw = new RawDealer(request);
      await raw.json({
        v: 1,
        id: 1,
        cmd: 'test.stream',
        ttl: 60_000,
        stream: 100,
        body: { count: 5, everyMs },
      });
      await until(() => host.stats().inFlight === 1);
      const draining = host.drain('end of test');
      const end = (await itemsUntilEnd(raw)).at(-1) as RawItem;
      expect((end.body as { code?: string }).code).to.equal(code);
      await until(() => handler.log.includes('stream ended'));
      raw.close();
      await draining;
    }
  });
});

describe('a command that streams', () => {
  it('is described with the schema of its items', () => {
    const { host } = testHost();
    const described = host.describe().commands.find(({ command }) => command === 'test.stream');
    expect(described?.stream).to.deep.equal({
      type: 'object',
      properties: { i: { type: 'number' } },
      required: ['i'],
    });
    expect(host.describe().commands.find(({ command }) => command === 'test.echo')).not.to.have.property(
      'stream',
    );
  });

  it('takes no idempotency key', () => {
    class Both extends BaseHandler {
      override getCommands(): readonly CommandSpec[] {
        return [{ name: 'a.b', summary: 'Both.', stream: StreamItem, key: 'required' }];
      }
    }
    const { host } = testHost();
    expect(() => host.register(new Both())).to.throw('a.b: a stream takes no idempotency key');
  });
});

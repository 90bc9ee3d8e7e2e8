import { expect } from 'chai';
import { Dealer } from 'zeromq';
import { RawDealer } from '../support/raw-client.js';
import { testHost, until } from '../support/test-host.js';

/** Socket buffers so small that little hides outside the host's own queue. */
const SMALL = { receiveHighWaterMark: 1, receiveBufferSize: 4096, linger: 0 } as const;
const REPLY_BYTES = 16 * 1024;

describe('a client that does not read its replies', () => {
  const ask = (id: number): string =>
    JSON.stringify({ v: 1, id, cmd: 'test.bytes', body: { bytes: REPLY_BYTES }, batch: true });

  it('holds up nobody else, is bounded in memory, and is cut off and counted', async () => {
    const { host } = testHost({ peerQueueBytes: 2 * 1024 * 1024, socketMemoryBytes: 2 * 1024 * 1024 });
    const { request } = await host.listen({ request: 'tcp://127.0.0.1:0' });
    const slow = new Dealer(SMALL);
    slow.connect(request);
    const good = new RawDealer(request);
    let id = 0;
    while (host.stats().sockets.peersCutOff === 0) {
      for (let i = 0; i < 50; i++) await slow.send(ask(++id));
      await good.json({ v: 1, id: 1, cmd: 'service.ping' });
      expect(await good.reply()).to.include({ ok: true });
      expect(host.stats().sockets.waitingBytes).to.be.at.most(2 * 1024 * 1024);
      if (id > 20_000) throw new Error('it was never cut off');
    }
    const { sockets } = host.stats();
    expect(sockets.repliesLost).to.be.greaterThan(0);
    expect(sockets.waitingBytes).to.equal(0);
    slow.close();
    good.close();
    await host.drain('end of test');
  });

  it('loses no reply while it is only slow', async () => {
    const { host } = testHost({ socketMemoryBytes: 2 * 1024 * 1024 });
    const { request } = await host.listen({ request: 'tcp://127.0.0.1:0' });
    const slow = new Dealer(SMALL);
    slow.connect(request);
    const count = 600;
    for (let id = 1; id <= count; id++)
      await slow.send(JSON.stringify({ v: 1, id, cmd: 'test.bytes', body: { bytes: REPLY_BYTES } }));
    await until(() => host.stats().sockets.waitingBytes > 0);
    const seen = new Set<number>();
    while (seen.size < count) {
      const [frame] = await slow.receive();
      seen.add((JSON.parse(String(frame)) as { id: number }).id);
    }
    expect(host.stats().sockets).to.include({ repliesLost: 0, peersCutOff: 0, waitingBytes: 0 });
    slow.close();
    await host.drain('end of test');
  });

  it('is cut off when it takes nothing for too long, and is heard again later', async () => {
    const { host, handler } = testHost({ stalledMs: 50, deafMs: 100, socketMemoryBytes: 2 * 1024 * 1024 });
    const { request } = await host.listen({ request: 'tcp://127.0.0.1:0' });
    const slow = new Dealer(SMALL);
    slow.connect(request);
    await slow.send(JSON.stringify({ v: 1, id: 'long', cmd: 'test.sleep', body: { ms: 60_000 } }));
    await until(() => handler.log.includes('sleeping'));
    for (let id = 1; id <= 2_000; id++) await slow.send(ask(id));
    await until(() => host.stats().sockets.peersCutOff > 0);
    // What it still had running is given up.
    await until(() => handler.log.includes('aborted'));
    const drain = (async () => {
      for await (const [frame] of slow) if (String(frame).includes('"again"')) return;
    })();
    const asking = setInterval(() => {
      void slow.send(JSON.stringify({ v: 1, id: 'again', cmd: 'service.ping' })).catch(() => undefined);
    }, 20);
    await drain;
    clearInterval(asking);
    slow.close();
    await host.drain('end of test');
  });

  it('that has gone is forgotten, and what it had running is given up', async () => {
    const { host, handler } = testHost();
    const { request } = await host.listen({ request: 'tcp://127.0.0.1:0' });
    const gone = new RawDealer(request);
    await gone.json({ v: 1, id: 1, cmd: 'test.sleep', body: { ms: 60_000 } });
    await gone.json({ v: 1, id: 2, cmd: 'test.sleep', body: { ms: 50 } });
    await until(() => handler.log.filter((entry) => entry === 'sleeping').length === 2);
    gone.close();
    await until(() => handler.log.includes('aborted'));
    expect(handler.lastAbort).to.include({ code: 'CANCELLED' });
    await until(() => host.stats().sockets.peers === 0);
    await host.drain('end of test');
  });
});

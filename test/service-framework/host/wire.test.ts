import { createConnection } from 'node:net';
import { expect } from 'chai';
import { Dealer, Router } from 'zeromq';
import type { RawReply } from '../support/raw-client.js';
import { askByReq, RawDealer } from '../support/raw-client.js';
import { errorOf, type TestHost, testHost, until } from '../support/test-host.js';

describe('ServiceHost on the wire', () => {
  let test: TestHost;
  let endpoint: string;
  let raw: RawDealer;
  beforeEach(async () => {
    test = testHost({ limits: { messageBytes: 64 * 1024 } });
    ({ request: endpoint } = await test.host.listen({ request: 'tcp://127.0.0.1:0' }));
    raw = new RawDealer(endpoint);
  });
  afterEach(async () => {
    raw.close();
    await test.host.drain('end of test');
  });

  it('answers in the codec of the request', async () => {
    await raw.json({ v: 1, id: 1, cmd: 'test.echo', body: { body: 'json' } });
    expect(await raw.reply()).to.deep.include({ v: 1, id: 1, ok: true, body: { body: 'json' } });
    await raw.msgpack({ v: 1, id: 'two', cmd: 'test.echo', body: { body: new Float64Array([1, 2]) } });
    const reply = await raw.reply();
    expect(reply).to.deep.include({ v: 1, id: 'two', ok: true });
    expect(reply.body).to.deep.equal({ body: new Float64Array([1, 2]) });
    expect(reply.us).to.be.a('number').that.is.at.least(0);
  });

  it('mirrors the empty delimiter of a REQ socket', async () => {
    const reply = await askByReq(endpoint, { v: 1, id: 'q', cmd: 'service.ping' });
    expect(reply).to.deep.include({ v: 1, id: 'q', ok: true });
    expect(reply.body).to.have.property('timeMs');
  });

  it('answers the requests of a batch in one message, and a bad one spoils only itself', async () => {
    await raw.msgpack([
      { v: 1, id: 1, cmd: 'test.echo', body: { body: 1 } },
      { v: 1, id: 2, cmd: 'no.such' },
      { v: 1, id: 3, cmd: 'NOT A COMMAND' },
      { v: 1, id: 4, cmd: 'test.echo', body: { body: 4 } },
    ]);
    const replies = (await raw.next()) as RawReply[];
    expect(replies.map(({ id, ok }) => [id, ok])).to.have.deep.members([
      [1, true],
      [2, false],
      [3, false],
      [4, true],
    ]);
    const codeOf = (id: number) =>
      (replies.find((reply) => reply.id === id) as { body: { code: string } } | undefined)?.body.code;
    expect([codeOf(2), codeOf(3)]).to.deep.equal(['UNIMPLEMENTED', 'INVALID_ARGUMENT']);
  });

  it('sends no batch to a client that has not shown that it takes them', async () => {
    for (let id = 1; id <= 20; id++) void (await raw.json({ v: 1, id, cmd: 'service.ping' }));
    for (let n = 1; n <= 20; n++) expect(await raw.reply()).to.include({ ok: true });
    await raw.json({ v: 1, id: 100, cmd: 'test.sleep', body: { ms: 20 }, batch: true });
    await raw.json({ v: 1, id: 101, cmd: 'test.sleep', body: { ms: 20 } });
    const message = await raw.next();
    const ids = Array.isArray(message) ? message.map(({ id }) => id) : [message.id];
    if (ids.length === 1) ids.push((await raw.reply()).id);
    expect(ids).to.have.members([100, 101]);
  });

  it('cancels a request in flight, which then ends with CANCELLED', async () => {
    await raw.json({ v: 1, id: 9, cmd: 'test.sleep', body: { ms: 60_000 } });
    await until(() => test.handler.log.includes('sleeping'));
    await raw.json({ v: 1, id: 9, cancel: true });
    expect(await raw.reply()).to.have.nested.property('body.code', 'CANCELLED');
    expect(test.handler.lastAbort).to.include({ code: 'CANCELLED' });
  });

  it('lets nobody cancel the request of another', async () => {
    const other = new RawDealer(endpoint);
    await raw.json({ v: 1, id: 9, cmd: 'test.sleep', body: { ms: 60 } });
    await until(() => test.handler.log.includes('sleeping'));
    await other.json({ v: 1, id: 9, cancel: true });
    await other.json({ v: 1, id: 1, cmd: 'service.ping' });
    await other.reply();
    expect(await raw.reply()).to.include({ id: 9, ok: true });
    other.close();
  });

  it('refuses an id that is in flight', async () => {
    await raw.json({ v: 1, id: 9, cmd: 'test.sleep', body: { ms: 30 } });
    await raw.json({ v: 1, id: 9, cmd: 'service.ping' });
    expect(await raw.reply()).to.have.nested.property('body.field', 'id');
    expect(await raw.reply()).to.include({ id: 9, ok: true });
  });

  it('ends a request by its ttl, and caps what is asked for', async () => {
    await raw.json({ v: 1, id: 1, cmd: 'test.hang', ttl: 10 });
    expect(await raw.reply()).to.have.nested.property('body.code', 'DEADLINE_EXCEEDED');
    await raw.json({ v: 1, id: 2, cmd: 'service.ping', ttl: 0 });
    expect(await raw.reply()).to.have.nested.property('body.code', 'DEADLINE_EXCEEDED');
    await raw.json({ v: 1, id: 3, cmd: 'test.context', ttl: 1e9 });
    const { body } = (await raw.reply()) as { body: { remainingMs: number } };
    expect(body.remainingMs).to.be.at.most(60_000);
  });

  it('gives back the traceparent', async () => {
    const tp = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    await raw.json({ v: 1, id: 1, cmd: 'test.context', tp });
    const reply = await raw.reply();
    expect(reply.tp).to.equal(tp);
    expect(reply).to.have.nested.property('body.traceparent', tp);
  });

  it('refuses commands named like members of Object.prototype', async () => {
    for (const cmd of ['__proto__', 'constructor', 'toString', 'then']) {
      await raw.json({ v: 1, id: 1, cmd });
      expect(await raw.reply()).to.have.nested.property('body.code', 'INVALID_ARGUMENT');
    }
    await raw.json({ v: 1, id: 1, cmd: 'constructor.constructor' });
    expect(await raw.reply()).to.have.nested.property('body.code', 'UNIMPLEMENTED');
  });

  it('counts and drops what is no envelope, and lives', async () => {
    const bombs = [
      Buffer.alloc(0),
      Buffer.from('hello'),
      Buffer.from('{'),
      Buffer.from('[[[[[['),
      Buffer.from([0xdd, 0xff, 0xff, 0xff, 0xff]),
      Buffer.alloc(300, 0x91),
      Buffer.from([0xdf, 0xff, 0xff, 0xff, 0xff]),
      Buffer.alloc(1000, 0xc1),
    ];
    for (const bomb of bombs) await raw.bytes(bomb);
    await raw.socket.send(['a', 'b', 'c']);
    await raw.socket.send(['', '', '']);
    await raw.json({ v: 1, id: 1, cmd: 'service.ping' });
    expect(await raw.reply()).to.include({ id: 1, ok: true });
    expect(test.host.stats().sockets.dropped).to.equal(bombs.length + 2);
  });

  it('answers what has an id and is no request', async () => {
    for (const [envelope, field] of [
      [{ v: 2, id: 1, cmd: 'service.ping' }, 'v'],
      [{ v: 1, id: 1 }, 'cmd'],
      [{ v: 1, id: 1, cmd: 'test.echo', ttl: 'soon' }, 'ttl'],
      [{ v: 1, id: 1, cmd: 'test.echo', key: '' }, 'key'],
    ] as const) {
      await raw.json(envelope);
      const { body } = (await raw.reply()) as { body: { code: string; field: string } };
      expect(body).to.include({ code: 'INVALID_ARGUMENT', field });
    }
  });

  it('answers a malformed body with INVALID_ARGUMENT before any handler sees it', async () => {
    await raw.msgpack({ v: 1, id: 1, cmd: 'test.echo', body: null });
    expect(await raw.reply()).to.have.nested.property('body.code', 'INVALID_ARGUMENT');
    const bomb = Buffer.concat([Buffer.from([0xdd, 0x7f, 0xff, 0xff, 0xff])]);
    const envelope = Buffer.concat([
      Buffer.from([0x84, 0xa1, 0x76, 0x01, 0xa2, 0x69, 0x64, 0x07, 0xa3, 0x63, 0x6d, 0x64, 0xa9]),
      Buffer.from('test.echo'),
      Buffer.from([0xa4]),
      Buffer.from('body'),
      Buffer.from([0xc4, bomb.length]),
      bomb,
    ]);
    await raw.bytes(envelope);
    const reply = await raw.reply();
    expect(reply).to.include({ id: 7, ok: false });
    expect(reply).to.have.nested.property('body.code', 'INVALID_ARGUMENT');
  });

  it('answers with INTERNAL when a reply cannot be sent within the limits', async () => {
    for (const envelope of [
      { v: 1, id: 1, cmd: 'test.bytes', body: { bytes: 100_000 } },
      { v: 1, id: 1, cmd: 'test.unsendable' },
    ]) {
      await raw.msgpack(envelope);
      expect(await raw.reply()).to.have.nested.property('body.code', 'INTERNAL');
    }
  });

  it('drops the connection of a client that sends more than a message may hold, and lives', async () => {
    const greedy = new RawDealer(endpoint);
    await greedy.bytes(Buffer.alloc(65 * 1024, 0x91));
    await raw.json({ v: 1, id: 1, cmd: 'service.ping' });
    expect(await raw.reply()).to.include({ ok: true });
    greedy.close();
  });

  it('does not hand the replies of one client to another that claims its routing id', async () => {
    const owner = new Dealer({ linger: 0, routingId: 'twin' });
    owner.connect(endpoint);
    await owner.send(JSON.stringify({ v: 1, id: 1, cmd: 'test.sleep', body: { ms: 60 } }));
    await until(() => test.handler.log.includes('sleeping'));
    const thief = new Dealer({ linger: 0, routingId: 'twin', receiveTimeout: 150 });
    thief.connect(endpoint);
    const stolen = errorOf(thief.receive());
    const [frame] = await owner.receive();
    expect(JSON.parse(String(frame))).to.include({ id: 1, ok: true });
    expect(await stolen).to.include({ code: 'EAGAIN' });
    owner.close();
    thief.close();
  });

  it('lives through strangers who speak no ZMTP', async () => {
    const port = Number(endpoint.split(':').at(-1));
    for (const noise of ['GET / HTTP/1.1\r\n\r\n', Buffer.alloc(4096, 0xff)]) {
      await new Promise<void>((resolve) => {
        const socket = createConnection(port, '127.0.0.1', () => socket.end(noise));
        socket.on('error', () => undefined);
        socket.on('close', () => resolve());
        socket.resume();
        setTimeout(() => socket.destroy(), 100);
      });
    }
    await raw.json({ v: 1, id: 1, cmd: 'service.ping' });
    expect(await raw.reply()).to.include({ ok: true });
  });

  it('answers requests in flight before it closes its sockets', async () => {
    await raw.json({ v: 1, id: 1, cmd: 'test.sleep', body: { ms: 60 } });
    await until(() => test.handler.log.includes('sleeping'));
    await raw.json({ v: 1, id: 2, cmd: 'service.drain' });
    expect(await raw.reply()).to.deep.include({ id: 2, ok: true, body: { draining: true } });
    await until(() => test.host.state === 'draining');
    await raw.json({ v: 1, id: 3, cmd: 'test.echo', body: {} });
    expect(await raw.reply()).to.have.nested.property('body.code', 'FAILED_PRECONDITION');
    await raw.json({ v: 1, id: 4, cmd: 'service.ping' });
    expect(await raw.reply()).to.include({ id: 4, ok: true });
    expect(await raw.reply()).to.deep.include({ id: 1, ok: true, body: 'slept' });
    await test.host.drained;
  });

  it('shows in its health that a port is open', async () => {
    const health = await test.host.health();
    expect(health.sockets).to.deep.equal([{ endpoint, open: true }]);
    expect(health.ready).to.equal(true);
  });
});

describe('listening', () => {
  it('refuses everything but loopback and ipc before anything starts', async () => {
    const { host, handler } = testHost();
    for (const listen of [
      { request: 'tcp://0.0.0.0:0' },
      { request: 'tcp://*:0' },
      { request: 'tcp://127.0.0.1:0', events: 'tcp://0.0.0.0:0' },
    ])
      expect(await errorOf(host.listen(listen))).to.include({ code: 'FAILED_PRECONDITION' });
    expect(host.state).to.equal('new');
    expect(handler.log).to.deep.equal([]);
  });

  it('names the endpoint that is taken, and stops what it had started', async () => {
    const { host, handler } = testHost();
    const other = new Router({ linger: 0 });
    await other.bind('tcp://127.0.0.1:*');
    const error = await errorOf(host.listen({ request: other.lastEndpoint ?? '' }));
    expect(error).to.include({ code: 'FAILED_PRECONDITION', field: 'request' });
    expect(error.message).to.contain('in use');
    expect(handler.log).to.deep.equal(['start', 'stop']);
    other.close();
  });

  it('works over ipc, and takes no ipc path away from another host', async () => {
    const path = `ipc:///tmp/conclave-test-${process.pid}.sock`;
    const { host } = testHost();
    await host.listen({ request: path });
    expect(await askByReq(path, { v: 1, id: 1, cmd: 'service.ping' })).to.include({ ok: true });
    expect((await host.health()).sockets).to.deep.equal([{ endpoint: path, open: true }]);
    const second = testHost();
    expect(await errorOf(second.host.listen({ request: path }))).to.include({ code: 'FAILED_PRECONDITION' });
    expect(await askByReq(path, { v: 1, id: 1, cmd: 'service.ping' })).to.include({ ok: true });
    await host.drain('end of test');
  });

  it('listens once', async () => {
    const { host } = testHost();
    await host.listen({ request: 'tcp://127.0.0.1:0' });
    expect(await errorOf(host.listen({ request: 'tcp://127.0.0.1:0' }))).to.include({
      code: 'FAILED_PRECONDITION',
    });
    await host.drain('end of test');
  });
});

import { createServer, type Server } from 'node:net';
import { expect } from 'chai';
import { Router } from 'zeromq';
import { SystemClock } from '#conclave/runtime/index.js';
import type { CodecName } from '#conclave/service-framework/protocol/index.js';
import { connectionLossOf, ZmqTransport } from '#conclave/service-framework/transport/index.js';
import { errorOf, testHost, until } from '../support/test-host.js';
import { streamContract } from './stream-contract.js';
import { type TransportUnderTest, transportContract } from './transport-contract.js';

const clock = new SystemClock();

async function open(codec: CodecName): Promise<TransportUnderTest> {
  const { host, handler } = testHost();
  const { request, events } = await host.listen({
    request: 'tcp://127.0.0.1:0',
    events: 'tcp://127.0.0.1:0',
  });
  const transport = new ZmqTransport({ endpoint: request, events, clock, codec });
  return {
    transport,
    handler,
    close: async () => {
      await transport.close();
      await host.drain('end of test');
    },
  };
}

transportContract('ZmqTransport', () => open('msgpack'));
streamContract('ZmqTransport, MessagePack', () => open('msgpack'));
streamContract('ZmqTransport, JSON', () => open('json'));

/** A port where nobody listens. */
async function freePort(): Promise<number> {
  const server: Server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise<void>((resolve) => server.close(() => resolve()));
  return typeof address === 'object' && address ? address.port : 0;
}

describe('ZmqTransport', () => {
  it('ends a request to a dead host with UNAVAILABLE after the connect time, not the whole time', async () => {
    const transport = new ZmqTransport({
      endpoint: `tcp://127.0.0.1:${await freePort()}`,
      clock,
      connectTimeoutMs: 50,
    });
    const error = await errorOf(transport.request({ command: 'service.ping', timeoutMs: 60_000 }));
    expect(error).to.include({ code: 'UNAVAILABLE' });
    expect(connectionLossOf(error)).to.include({ sent: false });
    await transport.close();
  });

  it('delivers nothing to a host that comes later than the caller waited', async () => {
    const endpoint = `tcp://127.0.0.1:${await freePort()}`;
    const transport = new ZmqTransport({ endpoint, clock, connectTimeoutMs: 30 });
    await errorOf(transport.request({ command: 'test.count', payload: { by: 1 }, key: 'k', timeoutMs: 30 }));
    const { host, handler } = testHost();
    await host.listen({ request: endpoint });
    await transport.whenConnected();
    await transport.request({ command: 'service.ping', timeoutMs: 5_000 });
    expect(handler.total).to.equal(0);
    expect(host.stats().sockets.received).to.equal(1);
    await transport.close();
    await host.drain('end of test');
  });

  it('sends what waits as soon as the host is there', async () => {
    const endpoint = `tcp://127.0.0.1:${await freePort()}`;
    const transport = new ZmqTransport({ endpoint, clock, connectTimeoutMs: 10_000 });
    const early = transport.request({ command: 'service.ping', timeoutMs: 10_000 });
    const { host } = testHost();
    await host.listen({ request: endpoint });
    expect((await early).body).to.have.property('timeMs');
    await transport.close();
    await host.drain('end of test');
  });

  it('ends requests in flight with UNAVAILABLE when the host dies, and goes on when it is back', async () => {
    const first = testHost({ drainTimeoutMs: 1 });
    const { request: endpoint } = await first.host.listen({ request: 'tcp://127.0.0.1:0' });
    const transport = new ZmqTransport({ endpoint, clock, connectTimeoutMs: 10_000 });
    // Its answer is lost with the host: a router that swallows requests and then closes.
    await transport.request({ command: 'service.ping', timeoutMs: 5_000 });
    await first.host.drain('the end');
    await until(() => transport.state !== 'connected');
    const mute = new Router({ linger: 0 });
    await untilItWorks(() => mute.bind(endpoint));
    await transport.whenConnected();
    const lost = errorOf(transport.request({ command: 'service.ping', timeoutMs: 60_000 }));
    await mute.receive();
    mute.close();
    const error = await lost;
    expect(error).to.include({ code: 'UNAVAILABLE' });
    expect(connectionLossOf(error)).to.include({ sent: true });
    const second = testHost();
    await untilItWorks(() => second.host.listen({ request: endpoint }).then(() => undefined));
    await transport.request({ command: 'service.ping', timeoutMs: 10_000 });
    await transport.close();
    await second.host.drain('end of test');
  });

  it('refuses a message over the limit before the socket does, and keeps its connection', async () => {
    const { host } = testHost();
    const { request } = await host.listen({ request: 'tcp://127.0.0.1:0' });
    const transport = new ZmqTransport({ endpoint: request, clock });
    const pending = transport.request({ command: 'test.sleep', payload: { ms: 30 }, timeoutMs: 5_000 });
    const column = new Float64Array(1_100_000);
    const error = await errorOf(
      transport.request({ command: 'test.echo', payload: { body: column }, timeoutMs: 5_000 }),
    );
    expect(error).to.include({ code: 'INVALID_ARGUMENT', field: 'body' });
    expect((await pending).body).to.equal('slept');
    await transport.close();
    await host.drain('end of test');
  });

  it('carries messages close to the limit', async () => {
    const { host } = testHost();
    const { request } = await host.listen({ request: 'tcp://127.0.0.1:0' });
    const transport = new ZmqTransport({ endpoint: request, clock });
    const column = Float64Array.from({ length: 1_000_000 }, (_, i) => i);
    const { body } = await transport.request({
      command: 'test.echo',
      payload: { body: column },
      timeoutMs: 10_000,
    });
    expect((body as { body: Float64Array }).body).to.deep.equal(column);
    await transport.close();
    await host.drain('end of test');
  });

  it('puts the requests of one turn into one message, and the host its replies', async () => {
    const { host } = testHost();
    const { request } = await host.listen({ request: 'tcp://127.0.0.1:0' });
    const transport = new ZmqTransport({ endpoint: request, clock });
    await transport.request({ command: 'service.ping', timeoutMs: 5_000 });
    const before = host.stats().sockets;
    await Promise.all(
      Array.from({ length: 100 }, () => transport.request({ command: 'service.ping', timeoutMs: 5_000 })),
    );
    const after = host.stats().sockets;
    expect(after.received - before.received).to.equal(1);
    expect(after.sent - before.sent).to.equal(1);
    await transport.close();
    await host.drain('end of test');
  });

  it('speaks JSON when told so; columns come back as arrays of numbers', async () => {
    const { host } = testHost();
    const { request } = await host.listen({ request: 'tcp://127.0.0.1:0' });
    const transport = new ZmqTransport({ endpoint: request, clock, codec: 'json' });
    const payload = { body: { column: new Float64Array([1, 2]) } };
    const { body } = await transport.request({ command: 'test.echo', payload, timeoutMs: 5_000 });
    expect(body).to.deep.equal({ body: { column: [1, 2] } });
    await transport.close();
    await host.drain('end of test');
  });

  it('ignores a host that talks nonsense, and ends by its deadline', async () => {
    const liar = new Router({ linger: 0 });
    await liar.bind('tcp://127.0.0.1:*');
    const transport = new ZmqTransport({ endpoint: liar.lastEndpoint ?? '', clock });
    const call = errorOf(transport.request({ command: 'service.ping', timeoutMs: 100 }));
    const [id] = await liar.receive();
    for (const nonsense of ['', 'hello', '{"v":1,"id":99,"ok":true}', '{"v":1,"id":"1","ok":true}', '[1,2]'])
      await liar.send([id ?? '', nonsense]);
    await liar.send([id ?? '', Buffer.from([0xdd, 0xff, 0xff, 0xff, 0xff])]);
    expect(await call).to.include({ code: 'DEADLINE_EXCEEDED' });
    const failing = errorOf(transport.request({ command: 'service.ping', timeoutMs: 5_000 }));
    await liar.receive();
    await liar.send([id ?? '', '{"v":1,"id":2,"ok":false,"body":{"code":"MADE_UP","message":"x"}}']);
    expect(await failing).to.include({ code: 'INTERNAL' });
    liar.close();
    await transport.close();
  });

  it('refuses endpoints on other machines, and ones without a port', () => {
    for (const endpoint of ['tcp://10.0.0.1:5555', 'tcp://example.com:1'])
      expect(() => new ZmqTransport({ endpoint, clock }))
        .to.throw(/CURVE/)
        .with.property('code', 'FAILED_PRECONDITION');
    for (const endpoint of ['tcp://127.0.0.1:0', 'nonsense'])
      expect(() => new ZmqTransport({ endpoint, clock }))
        .to.throw()
        .with.property('code', 'INVALID_ARGUMENT');
  });

  it('cannot subscribe without an event endpoint', async () => {
    const transport = new ZmqTransport({ endpoint: 'tcp://127.0.0.1:1', clock });
    expect(() => transport.subscribe('x', () => undefined))
      .to.throw()
      .with.property('code', 'FAILED_PRECONDITION');
    await transport.close();
  });
});

async function untilItWorks(attempt: () => Promise<void>): Promise<void> {
  for (let i = 0; ; i++) {
    try {
      return await attempt();
    } catch (error) {
      if (i === 100) throw error;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
}

import { expect } from 'chai';
import { SeededRng, SystemClock, silentLogger } from '#conclave/runtime/index.js';
import { BaseClient, IsolatedHandler, ServiceHost } from '#conclave/service-framework/index.js';
import { errorOf } from '../support/test-host.js';
import { eventually, QUICK } from './support.js';

const MODULE = new URL('./streaming-handler.js', import.meta.url);

interface Item {
  readonly i: number;
  readonly column: Float64Array;
}

for (const isolation of ['worker', 'process'] as const) {
  describe(`a stream of a handler isolated in a ${isolation}`, function () {
    this.timeout(60_000);
    let host: ServiceHost;
    let clients: Record<'msgpack' | 'json', BaseClient>;

    before(async () => {
      const own = { clock: new SystemClock(), rng: new SeededRng(1), logger: silentLogger() };
      const handler = await IsolatedHandler.load({
        module: MODULE,
        exportName: 'StreamingHandler',
        isolation,
        ...own,
        ...QUICK,
      });
      host = new ServiceHost({ name: 'test', version: '1.0.0', ...own, drainTimeoutMs: 5_000 });
      host.register(handler);
      const { request: endpoint } = await host.listen({ request: 'tcp://127.0.0.1:0' });
      clients = {
        msgpack: new BaseClient({ endpoint, timeoutMs: 30_000 }),
        json: new BaseClient({ endpoint, timeoutMs: 30_000, codec: 'json' }),
      };
    });
    after(async () => {
      await Promise.all(Object.values(clients).map((client) => client.close()));
      await host.drain('the test is over');
    });

    const progress = (): Promise<{ yielded: number; ended: number }> =>
      clients.msgpack.call('streaming.progress');

    it('arrives in order, in both codecs, with columns', async () => {
      for (const [codec, client] of Object.entries(clients)) {
        const stream = client.stream<Item>('streaming.count', { count: 500 });
        let expected = 0;
        for await (const { i, column } of stream) {
          expect(i).to.equal(++expected);
          expect([...column]).to.deep.equal([i, -i]);
          expect(column instanceof Float64Array).to.equal(codec === 'msgpack');
        }
        expect(expected).to.equal(500);
        expect(await stream.result).to.deep.equal({ yielded: 500 });
      }
    });

    it('is made no further ahead than its readers and the way there allow', async () => {
      const stream = clients.msgpack.stream<Item>('streaming.count', { count: 100_000 }, { window: 4 });
      for (let i = 1; i <= 50; i++) {
        await stream.next();
        const { yielded } = await progress();
        expect(yielded).to.be.at.most(i + 4 + 18);
      }
      await stream.return();
    });

    it('ends in the handler when the reader gives up, wherever that stands', async () => {
      for (const request of [{ count: 1e9 }, { count: 1, end: 'wait' }]) {
        const { ended } = await progress();
        const stream = clients.msgpack.stream<Item>('streaming.count', request);
        await stream.next();
        await stream.return();
        await eventually(async () => (await progress()).ended === ended + 1);
      }
    });

    it('ends with the error of the handler, after the items before it', async () => {
      const seen: number[] = [];
      const stream = clients.msgpack.stream<Item>('streaming.count', { count: 20, end: 'fail' });
      const error = await errorOf(
        (async () => {
          for await (const { i } of stream) seen.push(i);
        })(),
      );
      expect(error).to.include({ code: 'NOT_FOUND' });
      expect(error.details).to.deep.equal({ count: 20 });
      expect(seen).to.have.length(20);
      const unsendable = clients.msgpack.stream('streaming.count', { count: 0, end: 'unsendable' });
      expect(await errorOf(unsendable.next())).to.include({ code: 'INTERNAL' });
      const wrong = clients.msgpack.stream('streaming.count', { count: 'many' });
      expect(await errorOf(wrong.next())).to.include({ code: 'INVALID_ARGUMENT', field: 'count' });
    });

    it('is described as one', () => {
      const { stream } = host.describe().commands.find(({ command }) => command === 'streaming.count') ?? {};
      expect(stream).to.deep.equal({
        type: 'object',
        properties: { i: { type: 'number' } },
        required: ['i'],
      });
    });

    it('ends by its deadline', async () => {
      const late = clients.msgpack.stream('streaming.count', { count: 1, end: 'wait' }, { timeoutMs: 300 });
      await late.next();
      expect(await errorOf(late.next())).to.include({ code: 'DEADLINE_EXCEEDED' });
    });

    it('ends with UNAVAILABLE when its handler dies, which is started again', async () => {
      const stream = clients.msgpack.stream<Item>('streaming.count', { count: 3, end: 'exit' });
      const error = await errorOf(
        (async () => {
          for await (const _ of stream);
        })(),
      );
      expect(error).to.include({ code: 'UNAVAILABLE' });
      await eventually(async () => {
        const again = clients.msgpack.stream<Item>('streaming.count', { count: 1 });
        return (await again.next().catch(() => undefined)) !== undefined;
      });
    });
  });
}

import { expect } from 'chai';
import { ServiceError } from '#conclave/runtime/index.js';
import {
  BaseClient,
  BaseHandler,
  type CommandSpec,
  InProcessTransport,
  IsolatedHandler,
  type RequestContext,
  type ServiceHost,
} from '#conclave/service-framework/index.js';
import { eventually, QUICK } from '../isolation/support.js';
import { RelayHandler, RelayItem, RelayRequest } from '../support/relay-handler.js';
import type { TestHandler } from '../support/test-handler.js';
import { errorOf, testHost, until } from '../support/test-host.js';

const RELAY = new URL('../support/relay-handler.js', import.meta.url);
const STREAMING = new URL('../isolation/streaming-handler.js', import.meta.url);

const numbers = (count: number): number[] => Array.from({ length: count }, (_, i) => i + 1);

interface Collected {
  readonly items: unknown[];
  readonly result: unknown;
}

for (const where of ['inline', 'worker', 'process'] as const) {
  for (const how of ['a socket', 'the process'] as const) {
    describe(`context.stream() of a handler (${where}) that is called over ${how}`, function () {
      this.timeout(60_000);
      let host: ServiceHost;
      let handler: TestHandler;
      let client: BaseClient;

      beforeEach(async () => {
        const made = testHost({ drainTimeoutMs: 5_000 });
        ({ host, handler } = made);
        const own = { clock: host.clock, rng: host.rng, logger: host.logger };
        host.register(
          where === 'inline'
            ? new RelayHandler()
            : await IsolatedHandler.load({
                module: RELAY,
                exportName: 'RelayHandler',
                isolation: where,
                ...own,
                ...QUICK,
              }),
        );
        const { request: endpoint } = await host.listen({ request: 'tcp://127.0.0.1:0' });
        client = new BaseClient({
          timeoutMs: 30_000,
          ...(how === 'a socket' ? { endpoint } : { transport: new InProcessTransport(host) }),
        });
      });
      afterEach(async () => {
        await client.close();
        await host.drain('end of test');
      });

      const collect = (payload: unknown, more: object = {}, options = {}): Promise<Collected> =>
        client.call('relay.collect', { command: 'test.stream', payload, ...more }, options);
      const streamEnded = (): Promise<void> => until(() => handler.log.includes('stream ended'), 20_000);
      const running = (): number | undefined =>
        host.stats().commands.find(({ command }) => command === 'test.stream')?.inFlight;

      it('takes the items in order, and the reply that ends them', async () => {
        expect(await collect({ count: 100 }, { window: 3 })).to.deep.equal({
          items: numbers(100),
          result: { yielded: 100 },
        });
        expect(await collect({ count: 0 })).to.deep.equal({ items: [], result: { yielded: 0 } });
        expect(
          await client.call('relay.on_its_own', { command: 'test.stream', payload: { count: 5 } }),
        ).to.deep.equal({ items: numbers(5) });
      });

      it('passes a stream on, with its end', async () => {
        for (const command of ['relay.pass', 'relay.hand_over']) {
          const payload = { command: 'test.stream', payload: { count: 200 }, window: 5 };
          const stream = client.stream<RelayItem>(command, payload);
          const items: unknown[] = [];
          for await (const { i } of stream) items.push(i);
          expect(items).to.deep.equal(numbers(200));
          expect(await stream.result).to.deep.equal({ yielded: 200 });
        }
      });

      it('holds the producer back as its own reader does', async () => {
        const payload = { command: 'test.stream', payload: { count: 1_000_000 }, window: 4 };
        const stream = client.stream<RelayItem>('relay.pass', payload, { window: 4 });
        for (let i = 1; i <= 20; i++) await stream.next();
        await new Promise((resolve) => setTimeout(resolve, 200));
        // Those that either side may have under way, and those that cross to another thread.
        expect(handler.yielded).to.be.at.most(20 + 4 + 4 + 4 + (where === 'inline' ? 0 : 16 + 4));
        await stream.return();
        await streamEnded();
      });

      for (const leave of ['break', 'cancel', 'abort', 'forget'])
        it(`ends the producer when the rest is not wanted (${leave})`, async () => {
          const call = collect({ count: 1_000_000 }, { take: 3, leave, window: 2 });
          if (leave === 'abort') expect(await errorOf(call)).to.include({ code: 'CANCELLED' });
          else expect((await call).items.slice(0, 3)).to.deep.equal(numbers(3));
          await streamEnded();
          await until(() => running() === 0, 20_000);
        });

      it('ends a producer whose stream was opened and never read', async () => {
        await collect({ count: 1_000_000, everyMs: 1 }, { take: 0, leave: 'forget' });
        await until(() => running() === 0, 20_000);
      });

      it('ends with the error of the command, after the items before it', async () => {
        const failing = { command: 'test.stream', payload: { count: 40, end: 'fail' }, window: 8 };
        const stream = client.stream<RelayItem>('relay.pass', failing);
        const items: unknown[] = [];
        const error = await errorOf(
          (async () => {
            for await (const { i } of stream) items.push(i);
          })(),
        );
        expect(error).to.include({ code: 'NOT_FOUND', message: 'no more of it' });
        expect(error.details).to.deep.equal({ count: 40 });
        expect(items).to.deep.equal(numbers(40));
        for (const [command, payload, code, field] of [
          ['test.stream', { count: 'many' }, 'INVALID_ARGUMENT', 'count'],
          ['test.echo', { body: 1 }, 'INVALID_ARGUMENT', 'stream'],
          ['no.such', {}, 'UNIMPLEMENTED', undefined],
        ] as const) {
          const refused = await errorOf(client.call('relay.collect', { command, payload }));
          expect([refused.code, refused.field]).to.deep.equal([code, field]);
        }
        for (const window of [0, 1.5, 65_537]) {
          const refused = await errorOf(collect({ count: 1 }, { window }));
          expect([refused.code, refused.field]).to.deep.equal(['INVALID_ARGUMENT', 'window']);
        }
        expect(await errorOf(collect({ count: 1 }, { timeoutMs: -1 }))).to.include({ field: 'timeoutMs' });
      });

      it('ends by the deadline of the caller, and by its own where that is sooner', async () => {
        const late = collect({ count: 1, end: 'wait' }, {}, { timeoutMs: 300, retry: false });
        expect(await errorOf(late)).to.include({ code: 'DEADLINE_EXCEEDED' });
        await streamEnded();
        expect((handler.lastAbort as ServiceError).code).to.be.oneOf(['DEADLINE_EXCEEDED', 'CANCELLED']);
        const sooner = await errorOf(collect({ count: 1, end: 'wait' }, { timeoutMs: 200 }));
        expect(sooner).to.include({ code: 'DEADLINE_EXCEEDED' });
      });

      if (where !== 'inline')
        it('is cancelled when its reader dies', async () => {
          const call = client.call(
            'relay.collect',
            { command: 'test.stream', payload: { count: 1_000_000 }, take: 3, leave: 'exit' },
            { retry: false },
          );
          expect(await errorOf(call)).to.include({ code: 'UNAVAILABLE' });
          await streamEnded();
          await until(() => running() === 0, 20_000);
        });

      it('is cancelled with the call that it belongs to', async () => {
        const giveUp = new AbortController();
        const call = collect(
          { count: 5, end: 'wait' },
          { take: 2, leave: 'wait' },
          { signal: giveUp.signal },
        );
        await until(() => handler.yielded >= 2, 20_000);
        giveUp.abort();
        expect(await errorOf(call)).to.include({ code: 'CANCELLED' });
        await streamEnded();
        await until(() => running() === 0, 20_000);
      });
    });
  }
}

describe('context.stream() of an isolated producer', function () {
  this.timeout(60_000);

  for (const isolation of ['worker', 'process'] as const)
    it(`brings its columns, and ends it when the rest is not wanted (${isolation})`, async () => {
      const { host } = testHost({ drainTimeoutMs: 5_000 });
      const own = { clock: host.clock, rng: host.rng, logger: host.logger };
      host.register(
        await IsolatedHandler.load({
          module: STREAMING,
          exportName: 'StreamingHandler',
          isolation,
          ...own,
          ...QUICK,
        }),
      );
      await host.start();
      const stream = host.stream<{ i: number; column: Float64Array }>('streaming.count', {
        count: 1_000_000,
      });
      for await (const { i, column } of stream) {
        expect([...column]).to.deep.equal([i, -i]);
        if (i === 30) break;
      }
      await eventually(async () => (await host.call<{ ended: number }>('streaming.progress')).ended === 1);
      expect(await errorOf(stream.result)).to.include({ code: 'CANCELLED' });
      await host.drain('end of test');
    });
});

/** Takes streams of another host, as the documentation says. */
class FarRelay extends BaseHandler {
  constructor(readonly far: BaseClient) {
    super();
  }

  override getCommands(): readonly CommandSpec[] {
    return [{ name: 'far.pass', request: RelayRequest, stream: RelayItem, summary: 'Passes a stream on.' }];
  }

  override async *handleRequest(
    _name: string,
    { command, payload, window }: RelayRequest,
    context: RequestContext,
  ): AsyncGenerator<unknown, unknown> {
    const { signal } = context;
    return yield* this.far.stream(command, payload, { timeoutMs: context.remainingMs(), signal, window });
  }
}

describe('a stream of another host within a handler', () => {
  it('is passed on with its end, and given up there when nobody waits any more', async function () {
    this.timeout(30_000);
    const { host: far, handler } = testHost();
    const { request: farEndpoint } = await far.listen({ request: 'tcp://127.0.0.1:0' });
    const farClient = new BaseClient({ endpoint: farEndpoint });
    const { host: near } = testHost();
    near.register(new FarRelay(farClient));
    const { request: endpoint } = await near.listen({ request: 'tcp://127.0.0.1:0' });
    const client = new BaseClient({ endpoint });
    const ask = (payload: object, options = {}) =>
      client.stream<RelayItem>('far.pass', { command: 'test.stream', payload, window: 4 }, options);

    const whole = ask({ count: 100 });
    const items: unknown[] = [];
    for await (const { i } of whole) items.push(i);
    expect(items).to.deep.equal(numbers(100));
    expect(await whole.result).to.deep.equal({ yielded: 100 });
    handler.log.length = 0;

    for (const leave of ['break', 'deadline']) {
      const stream = ask({ count: 10, end: 'wait' }, leave === 'deadline' ? { timeoutMs: 300 } : {});
      for (let i = 1; i <= 10; i++) await stream.next();
      if (leave === 'break') await stream.return();
      else expect(await errorOf(stream.next())).to.include({ code: 'DEADLINE_EXCEEDED' });
      await until(() => handler.log.includes('stream ended'), 20_000);
      expect(handler.lastAbort).to.be.instanceOf(ServiceError);
      handler.log.length = 0;
    }
    await Promise.all([client.close(), farClient.close()]);
    await near.drain('end of test');
    await far.drain('end of test');
  });
});

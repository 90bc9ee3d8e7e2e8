import { expect } from 'chai';
import { SeededRng, SystemClock } from '#conclave/runtime/index.js';
import {
  BaseClient,
  BaseHandler,
  InProcessTransport,
  type Isolation,
  loadHandler,
  ServiceHost,
} from '#conclave/service-framework/index.js';
import { errorOf } from '../support/test-host.js';
import { eventually, type IsolatedHost, isolatedHost, QUICK, readableLogger, TROUBLED } from './support.js';

for (const isolation of ['worker', 'process'] as const) {
  describe(`a handler isolated in a ${isolation}`, function () {
    this.timeout(60_000);
    const { logger, lines } = readableLogger();
    let at: IsolatedHost;

    before(async () => {
      at = await isolatedHost(
        { isolation, options: { factor: 3, announce: true }, report: ['version'], maxInFlight: 8, ...QUICK },
        logger,
      );
    });
    after(() => at.close());

    it('answers with columns in and out', async () => {
      const { values } = await at.call('troubled.scale', { values: Float64Array.of(1, 2, -0.5) });
      expect(values).to.deep.equal(Float64Array.of(3, 6, -1.5));
    });

    it('is described like any other, without its classes being known here', async () => {
      const inline = await loadHandler({
        ...{ module: TROUBLED, exportName: 'TroubledHandler', isolation: 'inline' },
        ...{ clock: at.host.clock, rng: at.host.rng, logger },
      });
      const host = new ServiceHost({
        ...{ name: 'test', version: '1.0.0', clock: new SystemClock(), rng: new SeededRng(1), logger },
      });
      expect(at.host.describe().commands).to.deep.equal(host.register(inline).describe().commands);
      expect(at.handler.reported).to.deep.equal({ version: '1.2.3' });
    });

    it('refuses a wrong payload with the same words as inline', async () => {
      const { code, field, message } = await errorOf(at.call('troubled.scale', { values: [1, 'two'] }));
      expect({ code, field }).to.deep.equal({ code: 'INVALID_ARGUMENT', field: 'values[1]' });
      expect(message).to.contain('"two"');
      expect((await errorOf(at.call('troubled.scale'))).field).to.equal('values');
    });

    it('sees its caller, its deadline and the trace, and lives elsewhere', async () => {
      const transport = new InProcessTransport(at.host);
      const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
      const { body } = await transport.request({
        command: 'troubled.context',
        timeoutMs: 20_000,
        traceparent,
      });
      const seen = body as Record<string, number | string>;
      expect(seen).to.include({ command: 'troubled.context', role: 'admin', traceparent });
      expect(seen['remainingMs']).to.be.within(1, 20_000);
      expect(seen['pid'] === process.pid).to.equal(isolation === 'worker');
    });

    it('logs through its host, whatever it writes to stdout and stderr included', async () => {
      await at.call('troubled.context');
      await at.call('troubled.print');
      await eventually(() => lines().some(({ line }) => line === 'to stderr'));
      await eventually(() => lines().some(({ line }) => line === 'to stdout'));
      const logged = lines().find(({ msg }) => msg === 'looked at');
      expect(logged).to.include({ level: 'warn', seen: true, command: 'troubled.context' });
    });

    it('calls other commands of its host and publishes events', async () => {
      const { reply } = await at.call('troubled.call', { command: 'service.ping' });
      expect(reply).to.have.property('timeMs').that.is.a('number');
      expect((await errorOf(at.call('troubled.call', { command: 'no.such' }))).code).to.equal(
        'UNIMPLEMENTED',
      );
      const late = errorOf(at.call('troubled.call', { command: 'troubled.wait', timeoutMs: 20 }));
      expect((await late).code).to.equal('DEADLINE_EXCEEDED');
      const events: unknown[] = [];
      at.host.subscribe('troubled.news', ({ body }) => events.push(body));
      await at.call('troubled.publish');
      await eventually(() => events.length === 1);
      expect(events).to.deep.equal([{ column: Float64Array.of(1, 2) }]);
    });

    it('tells errors with their code, and keeps the text of others for the log', async () => {
      const refused = await errorOf(at.call('troubled.refuse'));
      expect(refused).to.include({ code: 'NOT_FOUND', message: 'no such thing', field: 'thing' });
      expect(refused.details).to.deep.equal({ looked: 'everywhere' });
      const failed = await errorOf(at.call('troubled.throw'));
      expect(failed.code).to.equal('INTERNAL');
      expect(failed.message).not.to.contain('hunter2');
      const logged = lines().find((line) => line['ref'] === failed.details?.['ref']);
      expect(JSON.stringify(logged?.['err'])).to.contain('hunter2');
    });

    it('hears that its caller gave up', async () => {
      const before = await at.call<{ aborts: number }>('troubled.aborts');
      const waiting: unknown[] = [];
      const subscription = at.host.subscribe('troubled.waiting', (event) => waiting.push(event));
      const abort = new AbortController();
      const transport = new InProcessTransport(at.host);
      const ended = errorOf(
        transport.request({ command: 'troubled.wait', timeoutMs: 30_000, signal: abort.signal }),
      );
      await eventually(() => waiting.length === 1);
      abort.abort();
      expect((await ended).code).to.equal('CANCELLED');
      subscription.close();
      await eventually(
        async () => (await at.call<{ aborts: number }>('troubled.aborts')).aborts === before.aborts + 1,
      );
    });

    it('has the effect of a key once, also for JSON and MessagePack at once', async () => {
      const { request: endpoint } = await at.host.listen({ request: 'tcp://127.0.0.1:0' });
      const options = { endpoint, clock: at.host.clock, rng: new SeededRng(2), timeoutMs: 30_000 };
      const packed = new BaseClient(options);
      const text = new BaseClient({ ...options, codec: 'json' });
      const add = (client: BaseClient, by: number): Promise<unknown> =>
        client.call('troubled.add', { by }, { key: 'one' });
      const [first, second] = await Promise.all([add(packed, 2), add(text, 2)]);
      expect(first).to.deep.equal(second);
      expect(first).to.have.property('total', 2);
      expect(first)
        .to.have.property('digest')
        .that.matches(/^[0-9a-f]{64}$/);
      expect((await errorOf(add(text, 3))).code).to.equal('CONFLICT');
      expect(await text.call('troubled.scale', { values: [1, 2] })).to.deep.equal({ values: [3, 6] });
      const values = Float64Array.from({ length: 10_000 }, (_, i) => i);
      expect(await packed.call('troubled.scale', { values })).to.deep.equal({
        values: values.map((v) => v * 3),
      });
      expect((await errorOf(packed.call('troubled.scale', { values: ['x'] }))).field).to.equal('values[0]');
      await packed.close();
      await text.close();
    });

    it('sheds what is more than it may have in flight', async () => {
      const calls = Array.from({ length: 9 }, () => errorOf(at.call('troubled.wait', undefined, 1_000)));
      const codes = (await Promise.all(calls)).map(({ code }) => code).sort();
      expect(codes.filter((code) => code === 'RESOURCE_EXHAUSTED')).to.have.length(1);
      expect(codes.filter((code) => code === 'DEADLINE_EXCEEDED')).to.have.length(8);
    });
  });
}

describe('loading a handler', function () {
  this.timeout(60_000);
  const { logger } = readableLogger();
  const common = { clock: new SystemClock(), rng: new SeededRng(1), logger };

  it('says what is wrong with a module, wherever it is to live', async () => {
    for (const isolation of ['inline', 'worker', 'process'] as readonly Isolation[]) {
      const missing = new URL('./no-such-module.js', import.meta.url);
      const error = await errorOf(loadHandler({ ...common, module: missing, isolation }));
      expect(error, isolation).to.include({ code: 'FAILED_PRECONDITION', field: 'module' });
      expect(error.message).to.contain('no-such-module');
      const none = await errorOf(
        loadHandler({ ...common, module: TROUBLED, exportName: 'makeNothing', isolation }),
      );
      expect(none.message).to.contain('makes no BaseHandler');
    }
  });

  it('refuses a limit that is none', async () => {
    const error = await errorOf(
      loadHandler({ ...common, module: TROUBLED, isolation: 'worker', maxInFlight: 0 }),
    );
    expect(error).to.include({ code: 'INVALID_ARGUMENT', field: 'maxInFlight' });
  });

  it('finds the only handler class of a module by itself', async () => {
    const handler = await loadHandler({ ...common, module: TROUBLED, isolation: 'worker' });
    expect(handler).to.be.instanceOf(BaseHandler);
    expect(handler.handlerName).to.equal('TroubledHandler');
    await handler.stop?.();
  });

  it('fails the start of the host when the handler cannot start', async () => {
    const error = await errorOf(isolatedHost({ isolation: 'worker', options: { failStart: true } }));
    expect(error).to.include({ code: 'FAILED_PRECONDITION', message: 'no model' });
  });
});

import { expect } from 'chai';
import { SeededRng, SystemClock, silentLogger } from '#conclave/runtime/index.js';
import {
  InProcessTransport,
  ISOLATIONS,
  loadHandler,
  ServiceHost,
} from '#conclave/service-framework/index.js';
import { errorOf } from '../support/test-host.js';
import { BATCHING, eventually } from './support.js';

interface Answer {
  readonly result: number;
  readonly together: number;
}

for (const isolation of ISOLATIONS) {
  describe(`batches of a handler that is ${isolation}`, function () {
    this.timeout(60_000);
    let host: ServiceHost;
    let transport: InProcessTransport;

    before(async () => {
      const common = { clock: new SystemClock(), rng: new SeededRng(1), logger: silentLogger() };
      host = new ServiceHost({ name: 'test', version: '1.0.0', ...common });
      const options = { maxBatch: 8 };
      host.register(await loadHandler({ ...common, module: BATCHING, isolation, options }));
      await host.start();
      transport = new InProcessTransport(host);
    });
    after(() => host.drain('the test is over'));

    const call = async <T = Answer>(command: string, payload: object, timeoutMs = 30_000): Promise<T> =>
      (await transport.request({ command, payload, timeoutMs })).body as T;

    /** Calls that all wait while a batch runs: whether they came within one turn depends on the machine. */
    const whileBusy = async <T>(calls: () => Promise<T>): Promise<T> => {
      const busy = call('batch.square', { value: 0, delayMs: 1_000 });
      await new Promise((resolve) => setTimeout(resolve, 50));
      const answers = await calls();
      expect(await busy).to.deep.equal({ result: 0, together: 1 });
      return answers;
    };

    it('may say how many of its requests run at once', () => {
      const limitOf = (name: string) => host.stats().commands.find(({ command }) => command === name)?.limit;
      expect(limitOf('batch.cube')).to.equal(30);
      expect(limitOf('batch.square')).to.equal(64);
    });

    it('hands what waits over together, and each gets its own answer', async () => {
      const values = [1, 2, 3];
      const answers = await whileBusy(() =>
        Promise.all(values.map((value) => call('batch.square', { value }))),
      );
      expect(answers).to.deep.equal([1, 4, 9].map((result) => ({ result, together: 3 })));
      expect(await call('batch.square', { value: 5 })).to.deep.equal({ result: 25, together: 1 });
    });

    it('keeps commands apart and batches within their bound', async () => {
      const values = Array.from({ length: 20 }, (_, i) => i);
      const [squares, cubes] = await whileBusy(() =>
        Promise.all([
          Promise.all(values.map((value) => call('batch.square', { value }))),
          Promise.all(values.map((value) => call('batch.cube', { value }))),
        ]),
      );
      const expected = (power: number): Answer[] =>
        values.map((value) => ({ result: value ** power, together: value < 16 ? 8 : 4 }));
      expect(squares).to.deep.equal(expected(2));
      expect(cubes).to.deep.equal(expected(3));
    });

    it('lets one of them fail alone, and a wrong payload never reach it', async () => {
      const [good, bad, malformed] = await whileBusy(() =>
        Promise.all([
          call('batch.square', { value: 2 }),
          errorOf(call('batch.square', { value: -1 })),
          errorOf(call('batch.square', { value: 'two' })),
        ]),
      );
      expect(good).to.deep.equal({ result: 4, together: 2 });
      expect(bad).to.include({ code: 'INVALID_ARGUMENT', message: 'value: must not be negative' });
      expect(malformed).to.include({ code: 'INVALID_ARGUMENT', field: 'value' });
    });

    it('fails all of them when it throws or answers with another number', async () => {
      const thrown = await Promise.all([1, 2].map((value) => errorOf(call('batch.throw', { value }))));
      expect(thrown.map(({ code }) => code)).to.deep.equal(['UNAVAILABLE', 'UNAVAILABLE']);
      const short = await Promise.all([1, 2].map((value) => errorOf(call('batch.short', { value }))));
      expect(short.map(({ code }) => code)).to.deep.equal(['INTERNAL', 'INTERNAL']);
    });

    it('ends each when it is ready, not when the slowest is', async () => {
      let slowEnded = false;
      const slow = call('batch.later', { value: 1, delayMs: 2_000 }).then(() => {
        slowEnded = true;
      });
      expect(await call<object>('batch.later', { value: 2 })).to.deep.equal({ value: 2 });
      expect(slowEnded).to.equal(false);
      await slow;
    });

    it('goes on after a batch that never ends, once its requests have ended', async () => {
      const hung = errorOf(call('batch.hang', { value: 1 }, 1_500));
      await new Promise((resolve) => setTimeout(resolve, 20));
      const overdue = errorOf(call('batch.square', { value: 2 }, 20));
      const patient = call('batch.square', { value: 3 });
      expect((await hung).code).to.equal('DEADLINE_EXCEEDED');
      expect((await overdue).code).to.equal('DEADLINE_EXCEEDED');
      expect(await patient).to.deep.equal({ result: 9, together: 1 });
      await eventually(() => host.stats().inFlight === 0);
    });
  });
}

import { expect } from 'chai';
import { createLogger, type Logger, ManualClock, ServiceError } from '#conclave/runtime/index.js';
import { BaseHandler, type CommandSpec } from '#conclave/service-framework/handler/index.js';
import { type HostHealth, runUntilSignal } from '#conclave/service-framework/host/index.js';
import { errorOf, type TestHost, testHost, until } from '../support/test-host.js';

function logInto(lines: Record<string, unknown>[], level: 'debug' | 'info' = 'debug'): Logger {
  return createLogger({ level, destination: { write: (line) => lines.push(JSON.parse(line)) } });
}

describe('ServiceHost', () => {
  let test: TestHost;
  beforeEach(async () => {
    test = testHost();
    await test.host.start();
  });
  afterEach(() => test.host.drain('end of test'));

  describe('answers', () => {
    it('a call of a command with its result', async () => {
      expect(await test.host.call('test.echo', { body: 7 })).to.deep.equal({ body: 7 });
    });

    it('commands that do not exist, whatever their name, with UNIMPLEMENTED', async () => {
      for (const name of ['no.such', '__proto__', 'constructor', 'toString', 'then', 'hasOwnProperty', ''])
        expect(await errorOf(test.host.call(name)), name).to.include({ code: 'UNIMPLEMENTED' });
    });

    it('a typed error of a handler as it is', async () => {
      const error = await errorOf(test.host.call('test.throw', { what: 'service' }));
      expect(error).to.include({ code: 'NOT_FOUND', message: 'no such thing' });
      expect(error.details).to.deep.equal({ looked: 'everywhere' });
    });

    it('anything else a handler throws with INTERNAL and a reference into the log, telling nothing', async () => {
      const lines: Record<string, unknown>[] = [];
      const { host } = testHost({ logger: logInto(lines, 'info') });
      await host.start();
      for (const what of ['error', 'string']) {
        const error = await errorOf(host.call('test.throw', { what }));
        expect(error.code).to.equal('INTERNAL');
        expect(error.message).not.to.contain('hunter2');
        expect(error.details?.['ref']).to.match(/^[0-9a-f]{12}$/);
        expect(lines.some(({ ref }) => ref === error.details?.['ref'])).to.equal(true);
      }
      expect(await errorOf(host.call('test.reject'))).to.include({ code: 'INTERNAL' });
      await host.drain('end of test');
    });

    it('a reply with a field `then` as data', async () => {
      // biome-ignore lint/suspicious/noThenProperty: the trap under test
      expect(await test.host.call('test.then_data')).to.deep.equal({ then: 'data', catch: 1 });
    });

    it('a reply with a callable `then` with INTERNAL, without calling it', async () => {
      expect(await errorOf(test.host.call('test.then_function'))).to.include({ code: 'INTERNAL' });
      expect(test.handler.log).not.to.include('then was called');
    });

    it('a hung handler with DEADLINE_EXCEEDED at its deadline, and goes on', async () => {
      expect(await errorOf(test.host.call('test.hang', undefined, { timeoutMs: 10 }))).to.include({
        code: 'DEADLINE_EXCEEDED',
      });
      expect(await test.host.call('test.echo', { body: 1 })).to.deep.equal({ body: 1 });
      const stats = test.host.stats().commands.find(({ command }) => command === 'test.hang');
      expect(stats).to.include({ inFlight: 0, abandoned: 1, count: 1 });
      expect(stats?.errors).to.deep.equal({ DEADLINE_EXCEEDED: 1 });
    });

    it('a handler that blocked past its deadline with DEADLINE_EXCEEDED', async () => {
      expect(await errorOf(test.host.call('test.block', { ms: 20 }, { timeoutMs: 5 }))).to.include({
        code: 'DEADLINE_EXCEEDED',
      });
    });

    it('a role the command does not name with PERMISSION_DENIED', async () => {
      const answered = await new Promise((resolve) =>
        test.host.submit(
          {
            id: 1,
            command: 'test.trader',
            role: 'observer',
            arrivedMs: test.host.clock.monotonicMs(),
            decode: () => undefined,
          },
          resolve,
        ),
      );
      expect(answered).to.have.nested.property('error.code', 'PERMISSION_DENIED');
    });
  });

  describe('context', () => {
    it('tells the handler who calls, with what, until when', async () => {
      const seen = (await test.host.call('test.context', undefined, { timeoutMs: 500 })) as {
        remainingMs: number;
      };
      expect(seen).to.include({ command: 'test.context', role: 'admin' });
      expect(seen.remainingMs).to.be.within(1, 500);
    });

    it('aborts its signal with the reason when the deadline passes', async () => {
      await errorOf(test.host.call('test.sleep', { ms: 10_000 }, { timeoutMs: 10 }));
      await until(() => test.handler.log.includes('aborted'));
      expect(test.handler.lastAbort).to.include({ code: 'DEADLINE_EXCEEDED' });
    });

    it('aborts its signal when the caller gives up', async () => {
      const giveUp = new AbortController();
      const call = test.host.call('test.sleep', { ms: 10_000 }, { signal: giveUp.signal });
      giveUp.abort();
      expect(await errorOf(call)).to.include({ code: 'CANCELLED' });
      await until(() => test.handler.log.includes('aborted'));
      expect(await errorOf(test.host.call('test.echo', {}, { signal: giveUp.signal }))).to.include({
        code: 'CANCELLED',
      });
    });

    it('shows an aborted signal to a handler that looks only after the deadline', async () => {
      await test.host.call('test.context', undefined, { timeoutMs: 5 });
      await errorOf(test.host.call('test.hang', undefined, { timeoutMs: 5 }));
      // A finished request is not aborted by the time that passes after it.
      expect(test.handler.lastContext?.signal.aborted).to.equal(false);
    });

    it('lets a handler call others, never past its own deadline', async () => {
      const payload = { command: 'test.echo', payload: { body: 1 } };
      expect(await test.host.call('test.nested', payload)).to.deep.equal({ inner: { body: 1 } });
      const slow = { command: 'test.sleep', payload: { ms: 10_000 }, timeoutMs: 60_000 };
      expect(await errorOf(test.host.call('test.nested', slow, { timeoutMs: 20 }))).to.include({
        code: 'DEADLINE_EXCEEDED',
      });
      await until(() => test.handler.log.includes('aborted'));
    });

    it('survives a handler that stops waiting for its own call', async () => {
      const slow = { command: 'test.reject', payload: undefined };
      const rejections: unknown[] = [];
      const onRejection = (reason: unknown): number => rejections.push(reason);
      process.on('unhandledRejection', onRejection);
      void test.host.call('test.nested', slow).catch(() => undefined);
      void test.host.call('test.reject');
      await new Promise((resolve) => setTimeout(resolve, 10));
      process.off('unhandledRejection', onRejection);
      expect(rejections).to.deep.equal([]);
    });
  });

  describe('admission', () => {
    it('sheds what is over the bound and serves the reserved commands all the same', async () => {
      const { host } = testHost({ maxInFlightPerCommand: 2 });
      await host.start();
      const submit = (command: string, payload?: unknown) =>
        new Promise<{ ok: boolean; error?: ServiceError }>((resolve) =>
          host.submit(
            {
              id: 1,
              command,
              ttlMs: 50,
              role: 'admin',
              arrivedMs: host.clock.monotonicMs(),
              decode: () => payload,
            },
            (outcome) => resolve(outcome as never),
          ),
        );
      const hung = [submit('test.hang'), submit('test.hang')];
      const shed = await submit('test.hang');
      expect(shed.error).to.include({ code: 'RESOURCE_EXHAUSTED' });
      expect(shed.error?.retryAfterMs).to.be.greaterThan(0);
      expect((await submit('service.ping')).ok).to.equal(true);
      expect((await submit('test.echo', { body: 1 })).ok).to.equal(true);
      for (const each of await Promise.all(hung)) expect(each.error?.code).to.equal('DEADLINE_EXCEEDED');
      await host.drain('end of test');
    });

    it('sets no limit of concurrency to streams, which last as long as their readers like', async () => {
      const { host } = testHost({ maxInFlightPerCommand: 500 });
      await host.start();
      const limitOf = (name: string) => host.stats().commands.find(({ command }) => command === name)?.limit;
      expect([limitOf('test.stream'), limitOf('test.sleep')]).to.deep.equal([500, 64]);
      await host.drain('end of test');
    });

    it('bounds the reserved lane, too', async () => {
      class Watchful extends BaseHandler {
        override getCommands(): readonly CommandSpec[] {
          return [{ name: 'watch.hang', summary: 'Never answers.', reserved: true }];
        }

        override handleRequest(): Promise<never> {
          return new Promise(() => undefined);
        }
      }
      const { host } = testHost();
      host.register(new Watchful());
      await host.start();
      const shed: unknown[] = [];
      for (let id = 0; id < 300; id++)
        host.submit(
          { id, command: 'watch.hang', role: 'admin', arrivedMs: host.clock.monotonicMs(), decode: () => 0 },
          (outcome) => shed.push(outcome),
        );
      expect(shed).to.have.length(300 - 256);
      expect(shed[0]).to.have.nested.property('error.code', 'RESOURCE_EXHAUSTED');
      await host.drain('end of test');
    });

    it('refuses a command whose handlers keep hanging', async () => {
      const { host } = testHost({ maxAbandonedPerCommand: 3, defaultTtlMs: 5 });
      await host.start();
      for (let i = 0; i < 3; i++) await errorOf(host.call('test.hang'));
      const answered = await new Promise((resolve) =>
        host.submit(
          {
            id: 1,
            command: 'test.hang',
            role: 'admin',
            arrivedMs: host.clock.monotonicMs(),
            decode: () => 0,
          },
          resolve,
        ),
      );
      expect(answered).to.have.nested.property('error.code', 'RESOURCE_EXHAUSTED');
      await host.drain('end of test');
    });
  });

  describe('life', () => {
    it('refuses two handlers for one command, and takes none of the second', () => {
      class Second extends BaseHandler {
        override getCommands(): readonly CommandSpec[] {
          return [
            { name: 'second.own', summary: '' },
            { name: 'test.echo', summary: '' },
          ];
        }
      }
      const { host } = testHost();
      expect(() => host.register(new Second()))
        .to.throw()
        .with.property('code', 'ALREADY_EXISTS');
      expect(host.commands().map(({ name }) => name)).not.to.include('second.own');
    });

    it('serves nothing before it starts, and starts once', async () => {
      const { host } = testHost();
      expect(await errorOf(host.call('service.ping'))).to.include({ code: 'UNAVAILABLE' });
      await host.start();
      expect(await errorOf(host.start())).to.include({ code: 'FAILED_PRECONDITION' });
      expect(() => host.register(new (class extends BaseHandler {})()))
        .to.throw()
        .with.property('code', 'FAILED_PRECONDITION');
      await host.drain('end of test');
    });

    it('stops what it has started when one handler fails to start', async () => {
      const { host, handler } = testHost();
      host.register(
        new (class Broken extends BaseHandler {
          override async start(): Promise<void> {
            throw new ServiceError('DATA_LOSS', 'the journal is damaged');
          }
        })(),
      );
      expect(await errorOf(host.start())).to.include({ code: 'DATA_LOSS' });
      expect(handler.log).to.deep.equal(['start', 'stop']);
      expect(host.state).to.equal('stopped');
    });

    it('lets handlers call one another while they start', async () => {
      const { host } = testHost();
      let answer: unknown;
      host.register(
        new (class Later extends BaseHandler {
          override async start(): Promise<void> {
            answer = await host.call('test.echo', { body: 1 });
          }
        })(),
      );
      await host.start();
      expect(answer).to.deep.equal({ body: 1 });
      await host.drain('end of test');
    });

    it('drains: finishes what runs, admits nothing, stops the handlers, ends', async () => {
      const running = test.host.call('test.sleep', { ms: 40 });
      const drained = test.host.drain('test');
      const late = await new Promise((resolve) =>
        test.host.submit(
          {
            id: 1,
            command: 'test.echo',
            role: 'admin',
            arrivedMs: test.host.clock.monotonicMs(),
            decode: () => ({}),
          },
          resolve,
        ),
      );
      expect(late).to.have.nested.property('error.code', 'FAILED_PRECONDITION');
      expect(late).to.have.nested.property('error.message').that.contains('draining');
      expect(await running).to.equal('slept');
      await drained;
      expect(test.handler.log).to.deep.equal(['start', 'sleeping', 'slept', 'stop']);
      expect(await test.host.drained).to.equal('test');
      expect(await errorOf(test.host.call('service.ping'))).to.include({ code: 'UNAVAILABLE' });
    });

    it('gives up on what does not finish within the time of a drain', async () => {
      const hung = errorOf(test.host.call('test.hang', undefined, { timeoutMs: 60_000 }));
      await test.host.drain('test');
      expect(await hung).to.include({ code: 'UNAVAILABLE' });
    });

    it('gives up on a handler that does not stop, and stops the others', async () => {
      const { host, handler } = testHost({ drainTimeoutMs: 20 });
      host.register(
        new (class Stuck extends BaseHandler {
          override stop(): Promise<void> {
            return new Promise(() => undefined);
          }
        })(),
      );
      host.register(
        new (class Throws extends BaseHandler {
          override async stop(): Promise<void> {
            throw new Error('cannot stop');
          }
        })(),
      );
      await host.start();
      await host.drain('test');
      expect(handler.log).to.include('stop');
    });

    it('drains once however often it is told', async () => {
      await Promise.all([test.host.drain('one'), test.host.drain('two')]);
      expect(await test.host.drained).to.equal('one');
      expect(test.handler.log.filter((entry) => entry === 'stop')).to.have.length(1);
    });

    it('drains on a signal and lets go of it afterwards', async () => {
      const listeners = new Map<string, (signal: NodeJS.Signals) => void>();
      const source = {
        on: (signal: string, listener: (signal: NodeJS.Signals) => void) => listeners.set(signal, listener),
        off: (signal: string) => listeners.delete(signal),
      };
      const ended = runUntilSignal(test.host, { source });
      expect([...listeners.keys()]).to.deep.equal(['SIGTERM', 'SIGINT']);
      listeners.get('SIGTERM')?.('SIGTERM');
      expect(await ended).to.equal('SIGTERM');
      expect(listeners.size).to.equal(0);
    });
  });

  it('times deadlines by the injected clock', async () => {
    const clock = new ManualClock();
    const { host } = testHost({ clock });
    await host.start();
    const hung = errorOf(host.call('test.hang', undefined, { timeoutMs: 3_600_000 }));
    clock.advance(3_600_000);
    expect(await hung).to.include({ code: 'DEADLINE_EXCEEDED' });
  });

  it('refuses options that make no sense, naming them', () => {
    for (const options of [
      { defaultTtlMs: 0 },
      { maxTtlMs: Number.NaN },
      { drainTimeoutMs: -1 },
      { peerQueueBytes: Number.POSITIVE_INFINITY },
    ]) {
      const [field] = Object.keys(options);
      expect(() => testHost(options))
        .to.throw()
        .that.includes({ code: 'INVALID_ARGUMENT', field });
    }
  });

  it('runs interceptors from the outermost in, around checked payloads', async () => {
    const seen: string[] = [];
    const { host } = testHost({
      interceptors: ['outer', 'inner'].map((name) => (next) => (call) => {
        seen.push(`${name} ${call.spec.name} ${JSON.stringify(call.payload)}`);
        return next(call);
      }),
    });
    await host.start();
    await host.call('test.sleep', { ms: 1 });
    await errorOf(host.call('test.sleep', { ms: 'x' }));
    expect(seen).to.deep.equal(['outer test.sleep {"ms":1}', 'inner test.sleep {"ms":1}']);
    await host.drain('end of test');
  });

  it('writes a debug line with ids for each answer, and none when debug is off', async () => {
    const lines: Record<string, unknown>[] = [];
    const { host } = testHost({ logger: logInto(lines) });
    await host.start();
    await host.call('test.echo', { body: 'secret body' });
    await errorOf(host.call('test.throw', { what: 'service' }));
    const answered = lines.filter(({ msg }) => msg === 'answered');
    expect(answered.map(({ command, code }) => `${command} ${code}`)).to.deep.equal([
      'test.echo OK',
      'test.throw NOT_FOUND',
    ]);
    expect(JSON.stringify(lines)).not.to.contain('secret body');
    await host.drain('end of test');
  });

  describe('built-in commands', () => {
    it('describe every command', async () => {
      const description = test.host.describe();
      expect(description).to.include({ name: 'test', version: '1.2.3', protocol: 1 });
      const count = description.commands.find(({ command }) => command === 'test.count');
      expect(count).to.include({ key: 'required', summary: 'Has an effect.' });
      expect(count?.request).to.be.an('object');
      const drain = description.commands.find(({ command }) => command === 'service.drain');
      expect(drain).to.deep.include({ roles: ['admin'], reserved: true, request: null });
      const names = description.commands.map(({ command }) => command);
      expect(names).to.deep.equal([...names].sort());
    });

    it('tell of a handler that is not ready', async () => {
      expect(((await test.host.call('service.health')) as HostHealth).ready).to.equal(true);
      test.handler.ready = false;
      const health = await test.host.health();
      expect(health).to.include({ live: true, ready: false, state: 'serving' });
      expect(health.handlers).to.deep.include({ handler: 'TestHandler', ready: false, detail: 'told so' });
    });

    it('count requests and errors per command, names of strangers together', async () => {
      for (let i = 0; i < 3; i++) await test.host.call('test.echo', {});
      const submit = (command: string) =>
        new Promise((resolve) =>
          test.host.submit(
            {
              id: 1,
              command,
              role: 'admin',
              arrivedMs: test.host.clock.monotonicMs(),
              decode: () => undefined,
            },
            resolve,
          ),
        );
      for (let i = 0; i < 50; i++) await submit(`stranger.n${i}`);
      const { commands, memory, eventLoopLag } = test.host.stats();
      expect(memory.residentBytes).to.be.above(memory.heapUsedBytes);
      expect(eventLoopLag.maxMs).to.be.at.least(eventLoopLag.p50Ms);
      expect(commands.find(({ command }) => command === 'test.echo')).to.include({ count: 3, inFlight: 0 });
      const unknown = commands.find(({ command }) => command === '(unknown)');
      expect(unknown).to.include({ count: 50 });
      expect(unknown?.errors).to.deep.equal({ UNIMPLEMENTED: 50 });
      expect(commands).to.have.length(test.host.commands().length + 1);
    });

    it('drain', async () => {
      expect(await test.host.call('service.drain')).to.deep.equal({ draining: true });
      expect(await test.host.drained).to.equal('service.drain');
    });
  });
});

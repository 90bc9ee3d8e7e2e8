import { expect } from 'chai';
import type { HostEvent, Transport } from '#conclave/service-framework/transport/index.js';
import type { TestHandler } from '../support/test-handler.js';
import { errorOf, until } from '../support/test-host.js';

export interface TransportUnderTest {
  readonly transport: Transport;
  readonly handler: TestHandler;
  close(): Promise<void>;
}

/** What every way to a host must do; run against each of them. */
export function transportContract(name: string, open: () => Promise<TransportUnderTest>): void {
  describe(`${name} (transport contract)`, () => {
    let test: TransportUnderTest;
    beforeEach(async () => {
      test = await open();
    });
    afterEach(() => test.close());

    const ask = async (command: string, payload?: unknown, more: object = {}): Promise<unknown> =>
      (await test.transport.request({ command, payload, timeoutMs: 2_000, ...more })).body;

    it('brings a payload there and a reply back', async () => {
      const body = {
        text: 'ünïcode 🏛',
        flag: true,
        nothing: null,
        number: -0.5,
        zero: 0,
        big: 2 ** 53 - 1,
        list: [1, 'two', { three: [3] }, []],
        map: {},
      };
      expect(await ask('test.echo', { body })).to.deep.equal({ body });
    });

    it('carries columns as typed arrays', async () => {
      const body = {
        floats: new Float64Array([1.5, -2, 1e300]),
        ints: new Int32Array([1, -2]),
        bytes: new Uint8Array([0, 255]),
      };
      expect(await ask('test.echo', { body })).to.deep.equal({ body });
    });

    it('leaves undefined fields out and takes DTO instances for plain maps', async () => {
      class Dto {
        a = 1;
        b = undefined;
      }
      const reply = (await ask('test.echo', { body: new Dto() })) as { body: object };
      expect(Object.keys(reply.body)).to.deep.equal(['a']);
      expect(Object.getPrototypeOf(reply.body)).to.equal(Object.prototype);
    });

    it('shares nothing between caller and handler', async () => {
      const column = new Float64Array([1, 2, 3]);
      const body = { list: [1], column };
      const call = ask('test.echo', { body });
      body.list.push(2);
      column[0] = 99;
      const reply = (await call) as { body: { list: number[]; column: Float64Array } };
      expect(reply.body.list).to.deep.equal([1]);
      expect([...reply.body.column]).to.deep.equal([1, 2, 3]);
      reply.body.column[1] = 99;
      const again = (await ask('test.echo', { body: { column } })) as { body: { column: Float64Array } };
      expect(again.body.column[1]).to.equal(2);
    });

    it('tells how long the host took, and gives back the trace', async () => {
      const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
      const reply = await test.transport.request({ command: 'test.context', timeoutMs: 500, traceparent });
      expect(reply.hostUs).to.be.at.least(0);
      expect(reply.traceparent).to.equal(traceparent);
      expect(reply.body).to.include({ traceparent, role: 'admin', command: 'test.context' });
    });

    it('tells the host how long the caller waits', async () => {
      const { remainingMs } = (await ask('test.context', undefined, { timeoutMs: 700 })) as {
        remainingMs: number;
      };
      expect(remainingMs).to.be.within(1, 700);
    });

    it('passes the key on, and refuses commands that need one without', async () => {
      expect(await ask('test.count', { by: 3 }, { key: 'k' })).to.include({ total: 3 });
      expect(await ask('test.count', { by: 3 }, { key: 'k' })).to.include({ total: 3 });
      expect(await errorOf(ask('test.count', { by: 3 }))).to.include({
        code: 'INVALID_ARGUMENT',
        field: 'key',
      });
    });

    it('brings typed errors back with all they say', async () => {
      const error = await errorOf(ask('test.throw', { what: 'service' }));
      expect(error).to.include({ code: 'NOT_FOUND', message: 'no such thing' });
      expect(error.details).to.deep.equal({ looked: 'everywhere' });
      expect((error as { cause?: unknown }).cause).to.equal(undefined);
    });

    it('hides what a handler threw behind INTERNAL', async () => {
      const error = await errorOf(ask('test.throw', { what: 'error' }));
      expect(error.code).to.equal('INTERNAL');
      expect(JSON.stringify({ ...error, message: error.message, cause: undefined })).not.to.contain(
        'hunter2',
      );
    });

    it('ends unknown commands with UNIMPLEMENTED', async () => {
      for (const command of ['no.such', 'constructor.constructor'])
        expect(await errorOf(ask(command))).to.include({ code: 'UNIMPLEMENTED' });
    });

    it('never finds a command behind a name of Object.prototype', async () => {
      for (const command of ['__proto__', 'constructor', 'toString', 'then', ''])
        expect((await errorOf(ask(command))).code).to.match(/UNIMPLEMENTED|INVALID_ARGUMENT/);
    });

    it('takes a reply with a field `then` for data', async () => {
      // biome-ignore lint/suspicious/noThenProperty: the trap under test
      expect(await ask('test.then_data')).to.deep.equal({ then: 'data', catch: 1 });
      expect(await errorOf(ask('test.then_function'))).to.include({ code: 'INTERNAL' });
      expect(test.handler.log).not.to.include('then was called');
    });

    it('refuses payloads that cannot travel, naming the field, before the host hears of them', async () => {
      const cyclic: Record<string, unknown> = {};
      cyclic['self'] = cyclic;
      let deep: unknown = 1;
      for (let i = 0; i < 40; i++) deep = [deep];
      for (const body of [() => 1, 1n, Symbol('x'), new Map(), new Date(), cyclic, deep])
        expect(await errorOf(ask('test.echo', { body }))).to.include({ code: 'INVALID_ARGUMENT' });
      const polluting = JSON.parse('{"a": {"__proto__": {"polluted": true}}}');
      expect(await errorOf(ask('test.echo', { body: polluting }))).to.include({ code: 'INVALID_ARGUMENT' });
      const { field } = await errorOf(ask('test.echo', { body: [1, { f: () => 1 }] }));
      expect(field).to.equal('body[1].f');
    });

    it('refuses a reply with NaN unless the caller asks for it', async () => {
      expect(await errorOf(ask('test.nan'))).to.include({ code: 'INTERNAL' });
      expect(await ask('test.nan', undefined, { allowNonFinite: true })).to.deep.equal({ value: Number.NaN });
    });

    it('ends a request whose reply cannot be encoded with INTERNAL', async () => {
      expect(await errorOf(ask('test.unsendable'))).to.include({ code: 'INTERNAL' });
    });

    it('ends a request that hangs with DEADLINE_EXCEEDED', async () => {
      expect(await errorOf(ask('test.hang', undefined, { timeoutMs: 20 }))).to.include({
        code: 'DEADLINE_EXCEEDED',
      });
    });

    it('refuses a time to wait that is none', async () => {
      for (const timeoutMs of [0, -1, Number.NaN])
        expect(await errorOf(ask('test.echo', {}, { timeoutMs }))).to.include({ code: 'INVALID_ARGUMENT' });
    });

    it('cancels in the host what the caller gives up', async () => {
      const giveUp = new AbortController();
      const call = errorOf(ask('test.sleep', { ms: 60_000 }, { signal: giveUp.signal }));
      await until(() => test.handler.log.includes('sleeping'));
      giveUp.abort();
      expect(await call).to.include({ code: 'CANCELLED' });
      await until(() => test.handler.log.includes('aborted'));
      expect(await errorOf(ask('test.echo', {}, { signal: giveUp.signal }))).to.include({
        code: 'CANCELLED',
      });
    });

    it('keeps hundreds of requests in flight apart', async () => {
      const replies = await Promise.all(
        Array.from({ length: 500 }, (_, i) =>
          ask(i % 2 ? 'test.echo' : 'test.sleep', { body: i, ms: i % 7 }),
        ),
      );
      replies.forEach((reply, i) => {
        if (i % 2) expect(reply).to.deep.equal({ body: i });
        else expect(reply).to.equal('slept');
      });
    });

    it('brings events to those who subscribed to their prefix, in order, numbered per topic', async () => {
      const all: HostEvent[] = [];
      const btc: HostEvent[] = [];
      test.transport.subscribe('vote.', (event) => all.push(event));
      test.transport.subscribe('vote.BTC', (event) => btc.push(event));
      await untilDone(async () => {
        await ask('test.publish', { topic: 'vote.warm_up', count: 1 });
        return all.length > 0;
      });
      await ask('test.publish', { topic: 'vote.BTC', count: 3 });
      await ask('test.publish', { topic: 'vote.ETH', count: 2 });
      await ask('test.publish', { topic: 'other.BTC', count: 1 });
      await until(() => all.filter(({ topic }) => topic === 'vote.ETH').length === 2);
      expect(btc.map(({ topic, seq, body }) => [topic, seq, body])).to.deep.equal([
        ['vote.BTC', 1, { i: 1 }],
        ['vote.BTC', 2, { i: 2 }],
        ['vote.BTC', 3, { i: 3 }],
      ]);
      expect(all.some(({ topic }) => topic === 'other.BTC')).to.equal(false);
      expect(new Set(all.map(({ epoch }) => epoch)).size).to.equal(1);
      expect(all[0]?.timeMs).to.be.greaterThan(0);
    });

    it('keeps a listener that throws, and serves the others', async () => {
      let thrown = 0;
      let heard = 0;
      test.transport.subscribe('vote.', () => {
        thrown++;
        throw new Error('a listener fails');
      });
      test.transport.subscribe('vote.', () => heard++);
      await untilDone(async () => {
        await ask('test.publish', { topic: 'vote.X', count: 1 });
        return thrown > 1 && heard > 1;
      });
    });

    it('stops bringing events once the subscription is closed', async () => {
      let heard = 0;
      const subscription = test.transport.subscribe('vote.', () => heard++);
      let others = 0;
      test.transport.subscribe('vote.', () => others++);
      await untilDone(async () => {
        await ask('test.publish', { topic: 'vote.X', count: 1 });
        return heard > 0;
      });
      subscription.close();
      subscription.close();
      const before = heard;
      const othersBefore = others;
      await ask('test.publish', { topic: 'vote.X', count: 2 });
      await until(() => others >= othersBefore + 2);
      expect(heard).to.equal(before);
    });

    it('ends what is pending with CANCELLED when it is closed, and everything after', async () => {
      const pending = errorOf(ask('test.sleep', { ms: 60_000 }));
      await until(() => test.handler.log.includes('sleeping'));
      await test.transport.close();
      expect(await pending).to.include({ code: 'CANCELLED' });
      expect(test.transport.state).to.equal('closed');
      expect(await errorOf(ask('service.ping'))).to.include({ code: 'CANCELLED' });
      await test.transport.close();
    });
  });
}

async function untilDone(attempt: () => Promise<boolean>): Promise<void> {
  for (let i = 0; i < 500; i++) {
    if (await attempt()) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error('did not happen');
}

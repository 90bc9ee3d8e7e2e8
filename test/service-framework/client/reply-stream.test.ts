import { expect } from 'chai';
import fc from 'fast-check';
import { SeededRng, ServiceError } from '#conclave/runtime/index.js';
import { BaseClient, type ClientInterceptor } from '#conclave/service-framework/client/index.js';
import { ConnectionLoss, InProcessTransport } from '#conclave/service-framework/transport/index.js';
import { ScriptedTransport } from '../support/scripted-transport.js';
import { errorOf, type TestHost, testHost, until } from '../support/test-host.js';

/** Takes what is left, however it ends. */
async function drain(stream: AsyncIterable<number>, into: number[]): Promise<void> {
  try {
    for await (const item of stream) into.push(item);
  } catch (thrown) {
    expect(thrown).to.be.instanceOf(ServiceError);
  }
}

const reply = (body: unknown) => ({ body, hostUs: 1 });

describe('client.stream', () => {
  let test: TestHost;
  let client: BaseClient;
  beforeEach(async () => {
    test = testHost();
    await test.host.start();
    client = new BaseClient({ transport: new InProcessTransport(test.host) });
  });
  afterEach(async () => {
    await client.close();
    await test.host.drain('end of test');
  });

  it('is iterated, typed, and has a result', async () => {
    const stream = client.stream<{ i: number }, { yielded: number }>('test.stream', { count: 100 });
    let sum = 0;
    for await (const { i } of stream) sum += i;
    expect(sum).to.equal(5_050);
    expect((await stream.result).yielded).to.equal(100);
    expect(await stream.next()).to.deep.equal({ done: true, value: undefined });
  });

  it('lets the host run no further ahead than its window', async () => {
    for (const window of [1, 2, 7, 32]) {
      const stream = client.stream<{ i: number }>('test.stream', { count: 200 }, { window });
      for await (const { i } of stream) {
        await new Promise((resolve) => setImmediate(resolve));
        expect(test.handler.yielded).to.be.at.most(i + window + 1);
      }
    }
  });

  it('cancels the command when the loop is left early', async () => {
    const stream = client.stream<{ i: number }>('test.stream', { count: 1e9 });
    for await (const { i } of stream) if (i === 5) break;
    await until(() => test.handler.log.includes('stream ended'));
    expect(await errorOf(stream.result)).to.include({ code: 'CANCELLED' });
    expect(test.host.stats().inFlight).to.equal(0);
  });

  it('throws what the command ends with, after the items that came before', async () => {
    const seen: number[] = [];
    const stream = client.stream<{ i: number }>('test.stream', { count: 3, end: 'fail' });
    const error = await errorOf(
      (async () => {
        for await (const { i } of stream) seen.push(i);
      })(),
    );
    expect(error).to.include({ code: 'NOT_FOUND' });
    expect(seen).to.deep.equal([1, 2, 3]);
    expect(await errorOf(stream.result)).to.equal(error);
  });

  it('ends by its deadline and by its signal', async () => {
    const late = client.stream('test.stream', { count: 1, end: 'wait' }, { timeoutMs: 50 });
    await late.next();
    expect(await errorOf(late.next())).to.include({ code: 'DEADLINE_EXCEEDED' });
    const giveUp = new AbortController();
    const given = client.stream('test.stream', { count: 1, end: 'wait' }, { signal: giveUp.signal });
    await given.next();
    const waiting = errorOf(given.next());
    giveUp.abort();
    expect(await waiting).to.include({ code: 'CANCELLED' });
    await until(() => test.handler.log.filter((line) => line === 'stream ended').length === 2);
  });

  it('ends with CANCELLED when the client is closed', async () => {
    const stream = client.stream('test.stream', { count: 1, end: 'wait' });
    await stream.next();
    const waiting = errorOf(stream.next());
    await client.close();
    expect(await waiting).to.include({ code: 'CANCELLED' });
  });

  it('refuses options that make no sense', () => {
    for (const options of [{ window: 0 }, { window: 1.5 }, { timeoutMs: 0 }, { timeoutMs: Number.NaN }])
      expect(() => client.stream('test.stream', {}, options)).to.throw(ServiceError);
  });

  it('goes through the interceptors, which see it as one long call', async () => {
    const seen: string[] = [];
    const watching: ClientInterceptor = (next) => async (call) => {
      seen.push(`begins ${call.command}`);
      const result = await next(call);
      seen.push(`ended ${(result.body as { yielded: number }).yielded}`);
      return result;
    };
    const watched = new BaseClient({
      transport: new InProcessTransport(test.host),
      interceptors: [watching],
    });
    for await (const _ of watched.stream('test.stream', { count: 4 })) seen.push('item');
    expect(seen).to.deep.equal(['begins test.stream', 'item', 'item', 'item', 'item', 'ended 4']);
    await watched.close();
  });

  it('is tried again while nothing has come, and never after', async () => {
    const transport = new ScriptedTransport(() => undefined);
    const retrying = new BaseClient({
      transport,
      rng: new SeededRng(1),
      retry: { baseDelayMs: 1, maxDelayMs: 2 },
    });
    const stream = retrying.stream('a.b');
    const unsent = new ServiceError('UNAVAILABLE', 'no connection', { cause: new ConnectionLoss(false) });
    transport.streams[0]?.receiver.failed(unsent);
    await until(() => transport.streams.length === 2);
    transport.streams[1]?.receiver.item(1);
    transport.streams[1]?.receiver.failed(unsent);
    expect(await stream.next()).to.deep.equal({ done: false, value: 1 });
    expect(await errorOf(stream.next())).to.equal(unsent);
    expect(transport.streams).to.have.length(2);
  });

  it('gives out every item once, in order, and grants what it has given out, whatever happens when', async () => {
    const event = fc.constantFrom('item', 'item', 'take', 'take', 'turn', 'cancel', 'end', 'fail');
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 8 }),
        fc.array(event, { maxLength: 60 }),
        async (window, events) => {
          const transport = new ScriptedTransport(() => undefined);
          const own = new BaseClient({ transport, retry: false });
          const stream = own.stream<number, string>('a.b', undefined, { window });
          const taken: number[] = [];
          const takes: Promise<void>[] = [];
          let [sent, open, cancelled] = [0, true, false];
          const on = transport.streams[0];
          if (!on) throw new Error('nothing was asked');
          for (const each of events) {
            if (each === 'item' && open && sent < on.granted) on.receiver.item(++sent);
            if (each === 'take')
              takes.push(
                stream.next().then(
                  ({ done, value }) => {
                    if (done !== true) taken.push(value);
                  },
                  () => undefined,
                ),
              );
            if (each === 'turn') await new Promise((resolve) => setImmediate(resolve));
            if (each === 'cancel') {
              cancelled = true;
              stream.cancel();
            }
            if (each === 'end' && open) on.receiver.replied(reply('end'));
            if (each === 'fail' && open) on.receiver.failed(new ServiceError('NOT_FOUND', 'scripted'));
            if (each === 'end' || each === 'fail') open = false;
            expect(on.granted - taken.length, 'granted ahead').to.be.at.most(window + takes.length);
          }
          if (open) on.receiver.replied(reply('end'));
          await Promise.all(takes);
          if (!cancelled) await drain(stream, taken);
          expect(taken).to.deep.equal(taken.map((_item, i) => i + 1));
          if (!cancelled && !events.includes('fail')) expect(taken).to.have.length(sent);
          await own.close();
        },
      ),
      { numRuns: 200 },
    );
  });
});

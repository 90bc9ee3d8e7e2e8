import { expect } from 'chai';
import { silentLogger } from '#conclave/runtime/index.js';
import {
  answererOf,
  BaseHandler,
  type BatchRequest,
  type RequestContext,
} from '#conclave/service-framework/index.js';

class Collector extends BaseHandler {
  readonly batches: unknown[][] = [];

  override handleBatch(_command: string, requests: readonly BatchRequest[]): readonly unknown[] {
    this.batches.push(requests.map(({ payload }) => payload));
    return requests.map(({ payload }) => ({ got: payload }));
  }
}

class Single extends BaseHandler {
  override handleRequest(command: string, payload: unknown): unknown {
    return `${command} ${payload}`;
  }
}

function contextOf(signal = new AbortController().signal): RequestContext {
  return { signal, remainingMs: () => 1_000, logger: silentLogger() } as unknown as RequestContext;
}

describe('how a handler is asked', () => {
  it('is one by one and at once without handleBatch', () => {
    expect(answererOf(new Single())('a.b', 1, contextOf())).to.equal('a.b 1');
  });

  it('is with all that came in one turn, with handleBatch', async () => {
    const handler = new Collector();
    const ask = answererOf(handler);
    const first = [1, 2, 3].map((payload) => ask('a.b', payload, contextOf()));
    expect(handler.batches).to.deep.equal([]);
    expect(await Promise.all(first)).to.deep.equal([{ got: 1 }, { got: 2 }, { got: 3 }]);
    await ask('a.b', 4, contextOf());
    expect(handler.batches).to.deep.equal([[1, 2, 3], [4]]);
  });

  it('leaves out a request that has ended while it waited', async () => {
    const handler = new Collector();
    const ask = answererOf(handler);
    const abort = new AbortController();
    const gone = Promise.resolve(ask('a.b', 1, contextOf(abort.signal))).catch((reason: unknown) => reason);
    const kept = ask('a.b', 2, contextOf());
    abort.abort('given up');
    expect(await gone).to.equal('given up');
    expect(await kept).to.deep.equal({ got: 2 });
    expect(handler.batches).to.deep.equal([[2]]);
  });

  it('never runs a callable `then` of an answer, and leaves a field of that name alone', async () => {
    const answers = ['data', () => expect.fail('was called')].map((then) =>
      Object.fromEntries([['then', then]]),
    );
    const handler = new (class extends BaseHandler {
      override handleBatch(): readonly unknown[] {
        return answers;
      }
    })();
    const ask = answererOf(handler);
    const [data, callable] = await Promise.allSettled([
      ask('a.b', 1, contextOf()),
      ask('a.b', 2, contextOf()),
    ]);
    expect(data).to.deep.include({ status: 'fulfilled', value: answers[0] });
    expect(callable).to.have.property('status', 'rejected');
    expect(callable).to.have.nested.property('reason.code', 'INTERNAL');
  });
});

import { expect } from 'chai';
import fc from 'fast-check';
import { SystemClock } from '#conclave/runtime/index.js';
import { StreamPump } from '#conclave/service-framework/host/stream-pump.js';
import { CreditGate } from '#conclave/service-framework/transport/index.js';

/** One thing that may happen to a stream, in any order. */
type Step =
  | { readonly do: 'grant'; readonly credit: number }
  | { readonly do: 'hold' | 'release' | 'turn' | 'stop' };

const LIMIT = 20;

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant('grant' as const), credit: fc.integer({ min: 1, max: 6 }) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('hold' as const, 'release' as const) }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('turn' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('stop' as const) }) },
);

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('StreamPump', () => {
  it('sends items in order, each once, never more than granted, in any order of events', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 30 }),
        fc.integer({ min: 1, max: LIMIT }),
        fc.array(step, { maxLength: 40 }),
        fc.constantFrom('return', 'throw', 'slow'),
        async (count, initial, steps, kind) => {
          const gate = new CreditGate(initial, LIMIT);
          const sent: number[] = [];
          let granted = initial;
          let held = false;
          let closed = 0;
          async function* items(): AsyncGenerator<number, string> {
            try {
              for (let i = 1; i <= count; i++) {
                if (kind === 'slow') await turn();
                yield i;
              }
              if (kind === 'throw') throw new RangeError('it fails');
              return 'done';
            } finally {
              closed++;
            }
          }
          const pump = new StreamPump(
            items(),
            {
              gate,
              item: (item) => {
                expect(held, 'sent while held').to.equal(false);
                sent.push(item as number);
                expect(sent.length, 'sent beyond the credit').to.be.at.most(granted);
              },
            },
            new SystemClock(),
          );
          const ended = pump.run().then(
            (value) => ({ value }),
            (error: unknown) => ({ error }),
          );
          let stopped = false;
          for (const each of steps) {
            if (each.do === 'grant') {
              const refused = gate.grant(each.credit);
              expect(refused === undefined).to.equal(each.credit <= LIMIT - (granted - sent.length));
              if (!refused) granted += each.credit;
            } else if (each.do === 'hold') {
              held = true;
              gate.hold();
            } else if (each.do === 'release') {
              held = false;
              gate.release();
            } else if (each.do === 'turn') await turn();
            else {
              stopped = true;
              pump.stop();
            }
            expect(sent).to.deep.equal(sent.map((_item, i) => i + 1));
          }
          held = false;
          gate.release();
          while (!stopped && granted < count) {
            if (gate.grant(1) === undefined) granted += 1;
            else await turn();
          }
          const end = await ended;
          if (!stopped) {
            expect(sent).to.have.length(count);
            if (kind === 'throw') expect(end).to.have.property('error').that.is.instanceOf(RangeError);
            else expect(end).to.deep.equal({ value: 'done' });
          }
          // A generator that was never entered has nothing to close.
          if (sent.length > 0) expect(closed).to.equal(1);
        },
      ),
      { numRuns: 150 },
    );
  });

  it('takes iterables that are not async, and promises of iterables', async () => {
    for (const source of [[1, 2], Promise.resolve([1, 2]), new Set([1, 2])]) {
      const sent: unknown[] = [];
      const sink = { gate: new CreditGate(9, 9), item: (item: unknown) => sent.push(item) };
      await new StreamPump(source, sink, new SystemClock()).run();
      expect(sent).to.deep.equal([1, 2]);
    }
  });

  it('refuses what cannot be iterated, and items with a callable then', async () => {
    const sink = { gate: new CreditGate(9, 9), item: () => undefined };
    // biome-ignore lint/suspicious/noThenProperty: the trap under test
    const trap = [{ then: () => expect.fail('it was called') }];
    for (const source of [undefined, 7, {}, trap]) {
      const error = await new StreamPump(source, sink, new SystemClock()).run().then(
        () => undefined,
        (thrown: { code?: string }) => thrown,
      );
      expect(error).to.have.property('code', 'INTERNAL');
    }
  });
});

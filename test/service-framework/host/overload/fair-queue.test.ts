import { expect } from 'chai';
import fc from 'fast-check';
import { FairQueue, type Ticket } from '#conclave/service-framework/host/overload/fair-queue.js';

const a = { name: 'a' };
const b = { name: 'b' };
const c = { name: 'c' };

function drain<T>(queue: FairQueue<T>): T[] {
  const out: T[] = [];
  for (let item = queue.shift(); item !== undefined; item = queue.shift()) out.push(item);
  return out;
}

describe('FairQueue', () => {
  it('serves its callers in turn, each in order of arrival', () => {
    const queue = new FairQueue<string>();
    for (const item of ['a1', 'a2', 'a3', 'a4']) queue.push(a, item);
    for (const item of ['b1', 'b2']) queue.push(b, item);
    queue.push(c, 'c1');
    expect(queue.size).to.equal(7);
    expect(queue.callers).to.equal(3);
    expect(drain(queue)).to.deep.equal(['a1', 'b1', 'c1', 'a2', 'b2', 'a3', 'a4']);
    expect([queue.size, queue.callers]).to.deep.equal([0, 0]);
  });

  it('lets a newcomer behind a flood wait for one of its items only', () => {
    const queue = new FairQueue<string>();
    for (let i = 0; i < 1_000; i++) queue.push(a, `a${i}`);
    queue.shift();
    queue.push(b, 'b');
    expect([queue.shift(), queue.shift()]).to.include('b');
  });

  it('counts what is large for more', () => {
    const queue = new FairQueue<string>();
    for (let i = 0; i < 40; i++) {
      queue.push(a, 'large', 4);
      queue.push(b, 'small', 1);
    }
    const first = Array.from({ length: 25 }, () => queue.shift());
    expect(first.filter((item) => item === 'large')).to.have.length(5);
  });

  it('gives no credit for time spent away', () => {
    const queue = new FairQueue<string>();
    queue.push(a, 'a');
    queue.push(b, 'b');
    drain(queue);
    for (let i = 0; i < 4; i++) queue.push(a, 'a');
    for (let i = 0; i < 4; i++) queue.push(b, 'b');
    expect(drain(queue).join('')).to.equal('abababab');
  });

  it('names the newest item of the greediest, if that has at least two more', () => {
    const queue = new FairQueue<string>();
    expect(queue.victimFor(a)).to.equal(undefined);
    queue.push(a, 'a1');
    expect(queue.victimFor(b)).to.equal(undefined);
    queue.push(a, 'a2');
    expect(queue.victimFor(b)).to.equal('a2');
    expect(queue.victimFor(a)).to.equal(undefined);
    queue.push(b, 'b1');
    expect(queue.victimFor(b)).to.equal(undefined);
    expect(queue.victimFor(c)).to.equal('a2');
    queue.shift();
    queue.shift();
    expect(queue.victimFor(c)).to.equal(undefined);
  });

  it('keeps order, counts and shares whatever is done to it', () => {
    const callers = [a, b, c];
    const action = fc.oneof(
      {
        weight: 4,
        arbitrary: fc.record({ push: fc.integer({ min: 0, max: 2 }), cost: fc.integer({ min: 1, max: 5 }) }),
      },
      { weight: 2, arbitrary: fc.constant('shift' as const) },
      { weight: 1, arbitrary: fc.record({ delete: fc.nat() }) },
    );
    fc.assert(
      fc.property(fc.array(action, { maxLength: 200 }), (actions) => {
        const queue = new FairQueue<{ caller: number; order: number }>();
        let left: { ticket: Ticket<{ caller: number; order: number }>; caller: number; order: number }[] = [];
        let order = 0;
        for (const step of actions) {
          if (step === 'shift') {
            const item = queue.shift();
            const expected = left.length;
            expect(item === undefined).to.equal(expected === 0);
            if (!item) continue;
            const oldest = left.find(({ caller }) => caller === item.caller);
            expect(item.order).to.equal(oldest?.order);
            left = left.filter(({ order: other }) => other !== item.order);
          } else if ('push' in step) {
            const item = { caller: step.push, order: order++ };
            left.push({ ticket: queue.push(callers[step.push] as object, item, step.cost), ...item });
          } else if (left.length > 0) {
            const [gone] = left.splice(step.delete % left.length, 1);
            if (gone) {
              queue.delete(gone.ticket);
              queue.delete(gone.ticket);
            }
          }
          expect(queue.size).to.equal(left.length);
          const lengths = callers.map((_, i) => left.filter(({ caller }) => caller === i).length);
          expect(callers.map((caller) => queue.lengthOf(caller))).to.deep.equal(lengths);
          expect(queue.callers).to.equal(lengths.filter(Boolean).length);
          const most = Math.max(...lengths);
          const victim = queue.victimFor({});
          if (most < 2) expect(victim).to.equal(undefined);
          else expect(lengths[victim?.caller ?? -1]).to.equal(most);
        }
      }),
    );
  });
});

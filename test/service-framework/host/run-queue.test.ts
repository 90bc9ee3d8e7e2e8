import { expect } from 'chai';
import { ManualClock } from '#conclave/runtime/index.js';
import { RunQueue } from '#conclave/service-framework/host/run-queue.js';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('RunQueue', () => {
  it('runs work at once while the turn is young', () => {
    const queue = new RunQueue(new ManualClock(), 10);
    const ran: number[] = [];
    for (let i = 0; i < 3; i++) queue.submit({ run: () => ran.push(i) }, false);
    expect(ran).to.deep.equal([0, 1, 2]);
  });

  it('lets the event loop turn once a slice is used up, and keeps the order', async () => {
    const clock = new ManualClock();
    const queue = new RunQueue(clock, 10);
    const ran: number[] = [];
    const queued = Array.from({ length: 10 }, (_, i) =>
      queue.submit(
        {
          run: () => {
            clock.advance(4);
            ran.push(i);
          },
        },
        false,
      ),
    );
    expect(queued.indexOf(true)).to.equal(3);
    expect(ran).to.deep.equal([0, 1, 2]);
    expect(queue.waiting).to.equal(7);
    await turn();
    expect(ran).to.have.length(6);
    while (queue.waiting > 0) await turn();
    expect(ran).to.deep.equal([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('runs reserved work at once, before what waits', async () => {
    const clock = new ManualClock();
    const queue = new RunQueue(clock, 10);
    const ran: string[] = [];
    const busy = (name: string) => ({
      run: () => {
        clock.advance(20);
        ran.push(name);
      },
    });
    queue.submit(busy('a'), false);
    queue.submit(busy('b'), false);
    queue.submit(busy('reserved'), true);
    expect(ran).to.deep.equal(['a', 'reserved']);
    await turn();
    expect(ran).to.deep.equal(['a', 'reserved', 'b']);
  });

  it('gives back its memory while a long queue drains', async () => {
    const clock = new ManualClock();
    const queue = new RunQueue(clock, 1000);
    let ran = 0;
    const work = {
      run: () => {
        clock.advance(1);
        ran++;
      },
    };
    for (let i = 0; i < 5_000; i++) queue.submit(work, false);
    while (queue.waiting > 0) await turn();
    expect(ran).to.equal(5_000);
  });
});

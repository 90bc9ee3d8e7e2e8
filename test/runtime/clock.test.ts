import { expect } from 'chai';
import fc from 'fast-check';
import { ManualClock, SystemClock, sleep } from '#conclave/runtime/index.js';

describe('ManualClock', () => {
  it('moves only when told', () => {
    const clock = new ManualClock(1000);
    expect([clock.nowMs(), clock.monotonicMs()]).to.deep.equal([1000, 0]);
    clock.advance(250);
    expect([clock.nowMs(), clock.monotonicMs()]).to.deep.equal([1250, 250]);
  });

  it('fires what falls due in order of time, then of scheduling', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 20 })), fc.nat({ max: 25 }), (delays, byMs) => {
        const clock = new ManualClock();
        const fired: number[] = [];
        delays.forEach((delay, index) => {
          clock.schedule(delay, () => fired.push(index));
        });
        clock.advance(byMs);
        const expected = delays
          .map((delay, index) => ({ delay, index }))
          .filter(({ delay }) => delay <= byMs)
          .sort((a, b) => a.delay - b.delay || a.index - b.index);
        expect(fired).to.deep.equal(expected.map(({ index }) => index));
      }),
    );
  });

  it('shows each action the time it was due, and fires what actions schedule', () => {
    const clock = new ManualClock(100);
    const seen: number[] = [];
    clock.schedule(5, () => {
      seen.push(clock.nowMs());
      clock.schedule(3, () => seen.push(clock.nowMs()));
      clock.schedule(50, () => seen.push(clock.nowMs()));
    });
    clock.advance(20);
    expect(seen).to.deep.equal([105, 108]);
    expect(clock.nowMs()).to.equal(120);
  });

  it('fires once, and not at all what was cancelled', () => {
    const clock = new ManualClock();
    let fired = 0;
    const timer = clock.schedule(1, () => fired++);
    clock.schedule(1, () => timer.cancel());
    clock.schedule(2, () => fired++).cancel();
    clock.advance(5);
    clock.advance(5);
    timer.cancel();
    expect(fired).to.equal(1);
  });

  it('fires a negative delay at the next advance', () => {
    const clock = new ManualClock();
    let fired = false;
    clock.schedule(-5, () => {
      fired = true;
    });
    expect(fired).to.equal(false);
    clock.advance(0);
    expect(fired).to.equal(true);
  });
});

describe('SystemClock', () => {
  it('tells Unix time and a time that never goes back', () => {
    const clock = new SystemClock();
    expect(clock.nowMs()).to.be.greaterThan(1.7e12);
    const first = clock.monotonicMs();
    expect(clock.monotonicMs()).to.be.at.least(first);
  });

  it('fires timers once, and not those cancelled', async () => {
    const clock = new SystemClock();
    let cancelled = false;
    clock
      .schedule(0, () => {
        cancelled = true;
      })
      .cancel();
    await new Promise<void>((resolve) => clock.schedule(1, resolve));
    expect(cancelled).to.equal(false);
  });

  it('does not fire at once what lies further away than setTimeout can count', async () => {
    const clock = new SystemClock();
    let fired = false;
    const timer = clock.schedule(
      2 ** 40,
      () => {
        fired = true;
      },
      { background: true },
    );
    await new Promise<void>((resolve) => clock.schedule(5, resolve));
    timer.cancel();
    expect(fired).to.equal(false);
  });
});

describe('sleep', () => {
  it('ends when its time has come', async () => {
    const clock = new ManualClock();
    let done = false;
    const sleeping = sleep(clock, 10).then(() => {
      done = true;
    });
    clock.advance(9);
    await Promise.resolve();
    expect(done).to.equal(false);
    clock.advance(1);
    await sleeping;
    expect(done).to.equal(true);
  });

  it('rejects with the reason of its signal, before or during', async () => {
    const clock = new ManualClock();
    const reason = new Error('enough');
    const abort = new AbortController();
    const sleeping = sleep(clock, 10, abort.signal);
    abort.abort(reason);
    const outcomes = await Promise.allSettled([sleeping, sleep(clock, 10, abort.signal)]);
    for (const outcome of outcomes) expect(outcome).to.deep.equal({ status: 'rejected', reason });
    clock.advance(100);
  });
});

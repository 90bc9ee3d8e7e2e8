import { expect } from 'chai';
import { ManualClock } from '#conclave/runtime/index.js';
import { StallWatch } from '#conclave/service-framework/host/stall-watch.js';

/** A clock that can leap without firing what falls due, as a process that is stopped sees it. */
class StoppableClock extends ManualClock {
  #stoppedMs = 0;

  override monotonicMs(): number {
    return super.monotonicMs() + this.#stoppedMs;
  }

  stop(ms: number): void {
    this.#stoppedMs += ms;
  }
}

describe('StallWatch', () => {
  let clock: StoppableClock;
  let watch: StallWatch;
  const arrivedMs = (): number => watch.arrivedMs(clock.monotonicMs());

  beforeEach(() => {
    clock = new StoppableClock();
    watch = new StallWatch(clock);
    watch.start();
    clock.advance(1_000);
  });

  it('takes messages for new while the process runs', () => {
    expect(arrivedMs()).to.equal(1_000);
    clock.advance(50);
    expect(arrivedMs()).to.equal(1_050);
    clock.stop(200);
    expect(arrivedMs()).to.equal(1_250);
  });

  it('takes what is read after a standstill to be as old as that', () => {
    clock.stop(5_000);
    expect(arrivedMs()).to.equal(1_000);
    clock.stop(90);
    expect(arrivedMs()).to.equal(1_000);
  });

  it('does so too when its own timer fires before the first message is read', () => {
    clock.stop(5_000);
    clock.advance(100);
    expect(arrivedMs()).to.be.at.most(1_100);
  });

  it('takes messages for new again once the process has caught up', () => {
    clock.stop(5_000);
    arrivedMs();
    clock.advance(150);
    expect(arrivedMs()).to.equal(clock.monotonicMs());
  });

  it('knows nothing before it has started', () => {
    const other = new StallWatch(clock);
    clock.stop(5_000);
    expect(other.arrivedMs(clock.monotonicMs())).to.equal(clock.monotonicMs());
  });
});

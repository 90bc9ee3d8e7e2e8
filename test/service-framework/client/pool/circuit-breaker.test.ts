import { expect } from 'chai';
import fc from 'fast-check';
import { CircuitBreaker } from '#conclave/service-framework/client/pool/circuit-breaker.js';

describe('CircuitBreaker', () => {
  it('opens at so many failures in a row, and lets one call try after a while', () => {
    const breaker = new CircuitBreaker({ consecutiveFailures: 3, openMs: 100 });
    for (let i = 0; i < 3; i++) {
      expect(breaker.allows(0)).to.equal(true);
      breaker.failed(0);
    }
    expect(breaker.state).to.equal('open');
    expect(breaker.allows(99)).to.equal(false);
    expect(breaker.waitMs(40)).to.equal(60);
    expect(breaker.allows(100)).to.equal(true);
    breaker.enter(100);
    expect(breaker.state).to.equal('half-open');
    expect(breaker.allows(101)).to.equal(false);
    breaker.succeeded(110);
    expect(breaker.state).to.equal('closed');
    expect(breaker.allows(110)).to.equal(true);
  });

  it('stays open twice as long after each try that fails, up to a bound', () => {
    const breaker = new CircuitBreaker({ consecutiveFailures: 1, openMs: 100, maxOpenMs: 350 });
    breaker.failed(0);
    let atMs = 0;
    for (const waitMs of [100, 200, 350, 350]) {
      expect(breaker.waitMs(atMs)).to.equal(waitMs);
      atMs += waitMs;
      breaker.enter(atMs);
      breaker.failed(atMs);
    }
    atMs += 350;
    breaker.enter(atMs);
    breaker.succeeded(atMs);
    breaker.failed(atMs);
    expect(breaker.waitMs(atMs)).to.equal(100);
  });

  it('forgets failures at a success', () => {
    const breaker = new CircuitBreaker({ consecutiveFailures: 3, minCalls: 1_000 });
    for (let i = 0; i < 50; i++) {
      breaker.failed(i);
      breaker.failed(i);
      breaker.succeeded(i);
    }
    expect(breaker.state).to.equal('closed');
  });

  it('opens at a rate of failures, once there are enough calls to speak of one', () => {
    const breaker = new CircuitBreaker({
      consecutiveFailures: 100,
      failureRate: 0.5,
      minCalls: 10,
      windowMs: 1_000,
    });
    const both = (atMs: number): void => {
      breaker.succeeded(atMs);
      breaker.failed(atMs, false);
    };
    for (let i = 0; i < 4; i++) both(0);
    expect(breaker.state).to.equal('closed');
    // Those of a window that has passed do not count.
    for (let i = 0; i < 4; i++) both(1_000);
    expect(breaker.state).to.equal('closed');
    both(1_500);
    expect(breaker.state).to.equal('open');
  });

  it('lets another call try when the end of the first is never told', () => {
    const breaker = new CircuitBreaker({ consecutiveFailures: 1, openMs: 100 });
    breaker.failed(0);
    breaker.enter(100);
    expect(breaker.allows(199)).to.equal(false);
    expect(breaker.allows(200)).to.equal(true);
  });

  it('never blocks for longer than its bound, whatever happens', () => {
    const event = fc.record({
      do: fc.constantFrom('fail', 'soft', 'succeed', 'enter'),
      afterMs: fc.integer({ min: 0, max: 500 }),
    });
    fc.assert(
      fc.property(fc.array(event, { maxLength: 100 }), (events) => {
        const breaker = new CircuitBreaker({ consecutiveFailures: 2, openMs: 50, maxOpenMs: 400 });
        let nowMs = 0;
        for (const each of events) {
          nowMs += each.afterMs;
          if (each.do === 'fail') breaker.failed(nowMs);
          else if (each.do === 'soft') breaker.failed(nowMs, false);
          else if (each.do === 'succeed') breaker.succeeded(nowMs);
          else if (breaker.allows(nowMs)) breaker.enter(nowMs);
          expect(breaker.waitMs(nowMs)).to.be.within(0, 400);
          expect(breaker.allows(nowMs + 400)).to.equal(true);
          if (breaker.state === 'closed') expect(breaker.allows(nowMs)).to.equal(true);
        }
      }),
    );
  });

  it('refuses settings that make no sense, naming them', () => {
    for (const name of ['consecutiveFailures', 'failureRate', 'minCalls', 'windowMs', 'openMs', 'maxOpenMs'])
      expect(() => new CircuitBreaker({ [name]: 0 })).to.throw(`breaker.${name}`);
  });
});

import { expect } from 'chai';
import { ConcurrencyLimit } from '#conclave/service-framework/host/overload/concurrency-limit.js';

/**
 * A handler in simulated time under more load than it can take: as many requests run as the limit allows.
 * `servers` of them are worked on at once, each for `serviceMs`; the rest wait for one of the servers.
 *
 * @returns the requests answered within `ms`, and the time at its end
 */
function saturate(
  limit: ConcurrencyLimit,
  options: { serviceMs: number; servers: number; ms: number; startMs?: number; offered?: number },
): { answered: number; nowMs: number } {
  const { serviceMs, servers, ms, offered = Number.POSITIVE_INFINITY } = options;
  let nowMs = options.startMs ?? 1_000;
  const endMs = nowMs + ms;
  // All take equally long, so they end in the order they began in, and the server of the last but
  // `servers` is the next that is free.
  const ends: number[] = [];
  const starts: number[] = [];
  let answered = 0;
  while (nowMs < endMs) {
    while (starts.length - answered < Math.min(limit.value, offered)) {
      const freeAtMs = ends[starts.length - servers] ?? 0;
      ends.push(Math.max(nowMs, freeAtMs) + serviceMs);
      starts.push(nowMs);
    }
    nowMs = Math.max(nowMs, ends[answered] ?? endMs);
    limit.sample(nowMs, nowMs - (starts[answered] ?? 0), starts.length - answered);
    answered++;
  }
  return { answered, nowMs };
}

describe('ConcurrencyLimit', () => {
  const bounds = { floor: 8, ceiling: 1_024 };

  it('comes down to what keeps a serial handler busy, and loses no throughput by it', () => {
    const limit = new ConcurrencyLimit(bounds);
    const { answered } = saturate(limit, { serviceMs: 10, servers: 1, ms: 60_000 });
    expect(limit.value).to.be.within(8, 32);
    expect(answered).to.be.greaterThan(60_000 / 10 - 10);
  });

  it('stays there for as long as the load lasts', () => {
    const limit = new ConcurrencyLimit(bounds);
    let nowMs = 1_000;
    for (let minute = 0; minute < 30; minute++) {
      ({ nowMs } = saturate(limit, { serviceMs: 10, servers: 1, ms: 60_000, startMs: nowMs }));
      expect(limit.value, `minute ${minute}`).to.be.within(8, 32);
    }
  });

  it('goes up where requests do not wait for one another', () => {
    const limit = new ConcurrencyLimit(bounds);
    saturate(limit, { serviceMs: 50, servers: 2_000, ms: 60_000 });
    expect(limit.value).to.be.greaterThan(500).and.at.most(1_024);
  });

  it('finds a pool of connections, and uses all of it', () => {
    const limit = new ConcurrencyLimit(bounds);
    const { answered } = saturate(limit, { serviceMs: 20, servers: 50, ms: 60_000 });
    expect(limit.value).to.be.within(50, 250);
    expect(answered).to.be.greaterThan(0.95 * 50 * (60_000 / 20));
  });

  it('does not grow for requests that do not come', () => {
    const limit = new ConcurrencyLimit(bounds);
    saturate(limit, { serviceMs: 20, servers: 2_000, ms: 60_000, offered: 10 });
    expect(limit.value).to.equal(64);
  });

  it('follows a handler that has become slower for good', () => {
    const limit = new ConcurrencyLimit(bounds);
    const { nowMs } = saturate(limit, { serviceMs: 10, servers: 2_000, ms: 60_000 });
    saturate(limit, { serviceMs: 40, servers: 2_000, ms: 120_000, startMs: nowMs });
    expect(limit.value).to.be.greaterThan(200);
  });

  it('is not brought down by one slow answer in ten', () => {
    const limit = new ConcurrencyLimit(bounds);
    let nowMs = 0;
    for (let i = 0; i < 5_000; i++) {
      nowMs += 5;
      limit.sample(nowMs, i % 10 === 0 ? 100 : 1, 60);
    }
    expect(limit.value).to.be.at.least(60);
  });

  it('stays within its bounds, whatever they are', () => {
    expect(new ConcurrencyLimit({ floor: 8, ceiling: 3 }).value).to.equal(3);
    expect(new ConcurrencyLimit({ floor: 200, ceiling: 1_000 }).value).to.equal(200);
    const fixed = new ConcurrencyLimit({ floor: 2, ceiling: 2 });
    saturate(fixed, { serviceMs: 10, servers: 1, ms: 10_000 });
    expect(fixed.value).to.equal(2);
  });
});

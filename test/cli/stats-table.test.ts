import { expect } from 'chai';
import { duration, ratesBetween, statsText } from '#conclave/cli/stats-table.js';
import type { CommandStats, HostStats } from '#conclave/service-framework/index.js';

function command(name: string, count: number, errors: CommandStats['errors'] = {}): CommandStats {
  return {
    ...{ command: name, count, errors, inFlight: 0, queued: 0, abandoned: 0 },
    ...{ limit: 64, shed: 0, expired: 0 },
    ...{ p50Us: 1_500, p90Us: null, p99Us: null },
  };
}

function reading(uptimeMs: number, ...commands: CommandStats[]): HostStats {
  const sockets = {
    ...{ received: 0, sent: 0, dropped: 0, peersCutOff: 0, repliesLost: 0 },
    ...{
      waitingBytes: 0,
      peers: 1,
      connections: 1,
      endpointsCut: 0,
      eventsPublished: 0,
      handshakesAccepted: 0,
      handshakesRefused: 0,
      handshakesLimited: 0,
    },
  };
  return {
    name: 'test',
    version: '1.0.0',
    uptimeMs,
    inFlight: 0,
    queued: 0,
    heldBytes: 0,
    eventLoopLag: { p50Ms: 0.25, p99Ms: 12, maxMs: 90 },
    memory: { residentBytes: 100 * 2 ** 20, heapUsedBytes: 20 * 2 ** 20, externalBytes: 0 },
    sockets,
    commands,
  };
}

describe('rates between two readings of service.stats', () => {
  it('are requests and errors a second, busiest first', () => {
    const before = reading(1_000, command('a.b', 10), command('c.d', 0));
    const now = reading(3_000, command('a.b', 12), command('c.d', 8, { INTERNAL: 2 }));
    const rates = ratesBetween(before, now);
    expect(rates.map((rate) => [rate.command, rate.perSecond, rate.errorsPerSecond])).to.deep.equal([
      ['c.d', 4, 1],
      ['a.b', 1, 0],
    ]);
  });

  it('start afresh with a host that was started anew', () => {
    const [rate] = ratesBetween(reading(60_000, command('a.b', 1_000)), reading(2_000, command('a.b', 4)));
    expect(rate?.perSecond).to.equal(2);
  });

  it('are over the whole life at the first reading, and 0 at none', () => {
    expect(ratesBetween(undefined, reading(4_000, command('a.b', 4)))[0]?.perSecond).to.equal(1);
    expect(ratesBetween(undefined, reading(0, command('a.b', 4)))[0]?.perSecond).to.equal(0);
  });

  it('come with how late the event loop is and what the process holds', () => {
    const held = reading(1_000);
    expect(statsText(held)).to.contain('late by 0.3 ms (p50), 12.0 ms (p99), 100 MiB resident, 20 MiB heap');
    const unknown = { ...held, memory: { ...held.memory, residentBytes: null } };
    expect(statsText(unknown)).to.contain('- resident, 20 MiB heap');
  });

  it('are shown with what has no value as a dash', () => {
    expect(statsText(reading(0, command('a.b', 1)))).to.match(/a\.b\s*│\s*1\s*│\s*-\s*│.*1\.50\s*│\s*-/);
  });
});

describe('a duration', () => {
  it('shows its two largest units', () => {
    expect([0, 999, 61_000, 3_600_000, 90_061_000].map(duration)).to.deep.equal([
      '0 s',
      '0 s',
      '1 m 1 s',
      '1 h 0 m',
      '1 d 1 h',
    ]);
  });
});

import { expect } from 'chai';
import { ManualClock } from '#conclave/runtime/index.js';
import type { HostHealth } from '#conclave/service-framework/host/index.js';
import { testHost, until } from '../support/test-host.js';

describe('the health a host publishes', () => {
  it('is told regularly while it serves, and a last time when it drains', async () => {
    const clock = new ManualClock(1_000);
    const { host } = testHost({ clock });
    const told: HostHealth[] = [];
    host.subscribe('health', ({ body }) => told.push(body as HostHealth));
    await host.start();
    await until(() => told.length === 1);
    clock.advance(5_000);
    await until(() => told.length === 2);
    clock.advance(5_000);
    await until(() => told.length === 3);
    expect(told.map(({ state, ready }) => ({ state, ready }))).to.deep.equal(
      Array.from({ length: 3 }, () => ({ state: 'serving', ready: true })),
    );
    await host.drain('the test is over');
    expect(told.at(-1)).to.include({ state: 'draining', ready: false });
    clock.advance(60_000);
    expect(told).to.have.length(4);
  });
});

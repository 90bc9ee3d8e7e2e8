import { expect } from 'chai';
import { ManualClock } from '#conclave/runtime/index.js';
import { InProcessTransport } from '#conclave/service-framework/transport/index.js';
import { errorOf, testHost } from '../support/test-host.js';
import { streamContract } from './stream-contract.js';
import { type TransportUnderTest, transportContract } from './transport-contract.js';

async function open(): Promise<TransportUnderTest> {
  const { host, handler } = testHost();
  await host.start();
  const transport = new InProcessTransport(host);
  return {
    transport,
    handler,
    close: async () => {
      await transport.close();
      await host.drain('end of test');
    },
  };
}

transportContract('InProcessTransport', open);
streamContract('InProcessTransport', open);

describe('InProcessTransport', () => {
  it('runs on the clock of its host: a backtest needs no real time', async () => {
    const clock = new ManualClock();
    const { host } = testHost({ clock });
    await host.start();
    const transport = new InProcessTransport(host);
    const slow = transport.request({ command: 'test.sleep', payload: { ms: 30_000 }, timeoutMs: 60_000 });
    const hung = errorOf(transport.request({ command: 'test.hang', timeoutMs: 45_000 }));
    clock.advance(30_000);
    expect((await slow).body).to.equal('slept');
    clock.advance(15_000);
    expect(await hung).to.include({ code: 'DEADLINE_EXCEEDED' });
  });

  it('is admitted like everybody else', async () => {
    const { host } = testHost({ maxInFlightPerCommand: 1 });
    await host.start();
    const transport = new InProcessTransport(host);
    const hung = errorOf(transport.request({ command: 'test.hang', timeoutMs: 20 }));
    expect(await errorOf(transport.request({ command: 'test.hang', timeoutMs: 20 }))).to.include({
      code: 'RESOURCE_EXHAUSTED',
    });
    await hung;
    await host.drain('end of test');
  });

  it('refuses a host that has not started, and one that has stopped', async () => {
    const { host } = testHost();
    const transport = new InProcessTransport(host);
    const ping = { command: 'service.ping', timeoutMs: 100 };
    expect(await errorOf(transport.request(ping))).to.include({ code: 'UNAVAILABLE' });
    await host.start();
    await transport.request(ping);
    await host.drain('end of test');
    expect(await errorOf(transport.request(ping))).to.include({ code: 'UNAVAILABLE' });
  });
});

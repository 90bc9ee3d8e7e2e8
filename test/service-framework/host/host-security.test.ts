import { expect } from 'chai';
import { Reply } from 'zeromq';
import { SystemClock, silentLogger } from '#conclave/runtime/index.js';
import { BaseClient } from '#conclave/service-framework/client/index.js';
import { HostSecurity } from '#conclave/service-framework/host/host-security.js';
import { RequestSocket } from '#conclave/service-framework/host/request-socket.js';
import { DEFAULT_LIMITS } from '#conclave/service-framework/protocol/index.js';
import { type KeyFolder } from '#conclave/service-framework/security/index.js';
import { curveOf, keyFolder, removeKeys } from '../support/curve-host.js';
import { errorOf } from '../support/test-host.js';

/** Hung up on again and again, or left waiting: which, is up to the moment. */
const REFUSED = ['UNAVAILABLE', 'UNAUTHENTICATED'];

describe('an endpoint whose handshakes nobody checks', function () {
  this.timeout(60_000);
  let folder: KeyFolder;
  let security: HostSecurity;
  let socket: RequestSocket;
  const clients: BaseClient[] = [];
  const environment = { clock: new SystemClock(), logger: silentLogger() };

  beforeEach(() => {
    folder = keyFolder(['trader']);
    security = new HostSecurity({ folder: folder.path }, ['trader'], { ...environment, full: () => false });
    socket = new RequestSocket({
      ...environment,
      ...{ limits: DEFAULT_LIMITS, highWaterMark: 10, lingerMs: 0, deafMs: 1, stalledMs: 1_000 },
      ...{ peerQueueBytes: 1e6, totalQueueBytes: 1e6, batchBytes: 1e5, role: 'trader' as const },
      curve: security.endpoint('trader'),
      onConnection: () => undefined,
      submit: (_request, finish) => {
        finish({ ok: true, body: 'answered' }, 1);
        return { cancel: () => undefined };
      },
    });
  });
  afterEach(async () => {
    await Promise.all(clients.splice(0).map((client) => client.close()));
    socket.close();
    security.close();
    removeKeys(folder);
  });

  function ask(endpoint: string, connectTimeoutMs: number): Promise<unknown> {
    const client = new BaseClient({
      endpoint,
      connectTimeoutMs,
      retry: false,
      curve: curveOf(folder, 'trader'),
    });
    clients.push(client);
    return client.call('any.thing');
  }

  it('refuses, where they never were', async () => {
    const endpoint = await socket.bind('tcp://127.0.0.1:0');
    expect((await errorOf(ask(endpoint, 300))).code).to.be.oneOf(REFUSED);
  });

  it('refuses from the moment the checker has stopped; who is in stays in', async () => {
    await security.start();
    const endpoint = await socket.bind('tcp://127.0.0.1:0');
    expect(await ask(endpoint, 20_000)).to.equal('answered');
    expect(security.open).to.equal(true);
    security.close();
    expect(security.open).to.equal(false);
    expect((await errorOf(ask(endpoint, 300))).code).to.be.oneOf(REFUSED);
    expect(await clients[0]?.call('any.thing')).to.equal('answered');
  });

  it('refuses where the checker is stuck', async () => {
    const { context } = security.endpoint('trader');
    const stuck = new Reply({ context, linger: 0 });
    await stuck.bind('inproc://zeromq.zap.01');
    const endpoint = await socket.bind('tcp://127.0.0.1:0');
    expect((await errorOf(ask(endpoint, 300))).code).to.be.oneOf(REFUSED);
    stuck.close();
  });
});

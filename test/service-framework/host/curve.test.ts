import { chmodSync, writeFileSync } from 'node:fs';
import { expect } from 'chai';
import { curveKeyPair, Dealer } from 'zeromq';
import { BaseClient } from '#conclave/service-framework/client/index.js';
import { ROLES, type Role } from '#conclave/service-framework/handler/index.js';
import type { HostDescription, HostHealth } from '#conclave/service-framework/host/index.js';
import { type CurveHost, curveHost, curveOf, keyFolder, removeKeys } from '../support/curve-host.js';
import { errorOf, testHost, until } from '../support/test-host.js';

describe('a host with CURVE', function () {
  this.timeout(60_000);
  let opened: CurveHost | undefined;

  afterEach(async () => {
    await opened?.close();
    opened = undefined;
  });

  async function open(...[roles = ['trader'], curve, options]: Partial<Parameters<typeof curveHost>>) {
    opened = await curveHost(roles, curve, options);
    return opened;
  }

  /** A key pair that no host knows. */
  function stranger({ folder }: CurveHost) {
    return { ...curveKeyPair(), serverKey: folder.publicKey('host').publicKey };
  }

  it('serves each role at its own endpoint, and each command to the roles that it names', async () => {
    const { client, endpoints } = await open(ROLES);
    expect(Object.keys(endpoints.roles)).to.deep.equal([...ROLES]);
    const allowed: Record<string, readonly Role[]> = {
      'test.echo': ROLES,
      'test.trader': ['trader'],
      'test.admin': ['admin'],
    };
    for (const role of ROLES) {
      const caller = client(role);
      expect(await caller.call('test.context')).to.include({ role });
      for (const [command, roles] of Object.entries(allowed)) {
        const call = caller.call(command, command === 'test.echo' ? {} : undefined);
        if (roles.includes(role)) await call;
        else expect((await errorOf(call)).code, `${role} ${command}`).to.equal('PERMISSION_DENIED');
      }
      if (role !== 'admin')
        expect((await errorOf(caller.call('service.drain'))).code).to.equal('PERMISSION_DENIED');
    }
  });

  it('lets a key in where it is listed only', async () => {
    const { client } = await open(['trader', 'admin']);
    const error = await errorOf(client('admin', { as: 'trader' }).call('service.ping'));
    expect(error.code).to.equal('UNAUTHENTICATED');
    expect(error.message).to.match(/does not know our key/);
  });

  it('refuses at once, long before the call would have timed out, whatever is wrong with the keys', async () => {
    const host = await open();
    const endpoint = host.endpoints.roles.trader ?? '';
    const good = curveOf(host.folder, 'trader');
    const cases = {
      'unknown client key': { curve: stranger(host) },
      'wrong server key': {
        curve: { ...curveOf(host.folder, 'trader'), serverKey: curveKeyPair().publicKey },
      },
      'no keys': {},
    };
    expect(good.serverKey).to.equal(host.endpoints.serverKey);
    for (const [what, options] of Object.entries(cases)) {
      const limits = { connectTimeoutMs: 50_000, timeoutMs: 55_000 };
      const client = new BaseClient({ endpoint, ...limits, ...options });
      try {
        expect((await errorOf(client.call('service.ping'))).code, what).to.equal('UNAUTHENTICATED');
        // And from then on without another try.
        expect((await errorOf(client.call('service.ping'))).code, what).to.equal('UNAUTHENTICATED');
      } finally {
        await client.close();
      }
    }
    expect(host.host.stats().sockets.handshakesRefused).to.be.at.least(1);
  });

  it('is no host for a client with CURVE when it has none itself', async () => {
    const { host } = testHost();
    const { request } = await host.listen({ request: 'tcp://127.0.0.1:0' });
    const curve = { ...curveKeyPair(), serverKey: curveKeyPair().publicKey };
    const client = new BaseClient({ endpoint: request, curve, connectTimeoutMs: 50_000, timeoutMs: 55_000 });
    expect((await errorOf(client.call('service.ping'))).code).to.equal('UNAUTHENTICATED');
    await client.close();
    await host.drain('end of test');
  });

  it('refuses PLAIN passwords', async () => {
    const { endpoints, host } = await open();
    const socket = new Dealer({ linger: 0, immediate: true, plainUsername: 'admin', plainPassword: 'x' });
    const ended = new Promise<string>((resolve) => {
      void (async () => {
        for await (const { type } of socket.events) if (type.startsWith('handshake')) return resolve(type);
      })();
    });
    socket.connect(endpoints.roles.trader ?? '');
    expect(await ended).to.match(/^handshake:error/);
    socket.close();
    expect(host.stats().sockets).to.include({ handshakesAccepted: 0, received: 0 });
  });

  it('lets a key in once it is listed, without a restart and without a new client', async () => {
    const { client, folder } = await open();
    folder.create('late');
    const late = client('trader', { as: 'late' });
    expect((await errorOf(late.call('service.ping'))).code).to.equal('UNAUTHENTICATED');
    folder.allow('trader', folder.publicKey('late'));
    await late.whenConnected();
    expect(await late.call('test.context')).to.include({ role: 'trader' });
  });

  it('cuts off a client whose key is revoked while it is connected, and the others come back', async () => {
    const { client, folder, host } = await open(['trader', 'admin']);
    folder.allow('trader', folder.create('bob'));
    host.reloadKeys();
    const [trader, bob, admin] = [client('trader'), client('trader', { as: 'bob' }), client('admin')];
    for (const each of [trader, bob, admin]) await each.ping();
    const running = errorOf(bob.call('test.hang'));
    await until(() => host.stats().inFlight === 1);
    folder.revoke('trader', 'bob');
    expect((await running).code).to.be.oneOf(['UNAVAILABLE', 'CANCELLED']);
    await until(() => host.stats().inFlight === 0);
    await trader.whenConnected();
    // It may be told of the cut after its next call was sent.
    await untilAnswered(() => trader.ping());
    await untilRefused(() => bob.ping());
    await admin.call('test.admin');
    const { sockets } = host.stats();
    expect(sockets.received).to.be.at.least(5);
    expect((await host.health()).ready).to.equal(true);
  });

  async function untilAnswered(ask: () => Promise<unknown>): Promise<void> {
    for (let attempt = 1; attempt < 50; attempt++) {
      const failed = await ask().then(
        () => undefined,
        (error: { code: string }) => error.code,
      );
      if (failed === undefined) return;
      expect(failed).to.equal('UNAVAILABLE');
    }
    throw new Error('never answered');
  }

  async function untilRefused(ask: () => Promise<unknown>): Promise<void> {
    for (let attempt = 1; attempt < 50; attempt++) {
      const { code } = await errorOf(ask());
      if (code === 'UNAUTHENTICATED') return;
      expect(code).to.equal('UNAVAILABLE');
    }
    throw new Error('never refused');
  }

  it('leaves everyone connected when a key is revoked that nobody used', async () => {
    const { client, folder, host } = await open();
    folder.allow('trader', folder.create('bob'));
    host.reloadKeys();
    const trader = client('trader');
    await trader.ping();
    folder.revoke('trader', 'bob');
    host.reloadKeys();
    for (let i = 0; i < 20; i++) await trader.ping();
    expect(host.stats().sockets.handshakesAccepted).to.equal(1);
  });

  it('waits with a known key that knocks too often, and lets it in later', async () => {
    const { client, host } = await open(['trader'], { handshakes: { perAddress: 1, inAll: 100 } });
    const clients = Array.from({ length: 4 }, () => client('trader'));
    await Promise.all(clients.map((each) => each.ping()));
    const { handshakesAccepted, handshakesLimited } = host.stats().sockets;
    expect(handshakesAccepted).to.equal(4);
    expect(handshakesLimited).to.be.above(0);
  });

  it('lets nobody else in while it is full, and says so', async () => {
    const { client, host } = await open(['trader'], {}, { maxConnections: 2 });
    const [first, second] = [client('trader'), client('trader')];
    await first.ping();
    await second.ping();
    // Not before: of handshakes at the same time none has introduced itself, and all are let in.
    const third = client('trader');
    expect((await host.health()).ready).to.equal(false);
    expect((await errorOf(third.call('test.context', undefined, { timeoutMs: 500 }))).code).to.be.oneOf([
      'UNAVAILABLE',
      'DEADLINE_EXCEEDED',
    ]);
    expect(host.stats().sockets.handshakesLimited).to.be.greaterThan(0);
    await first.ping();
    await second.close();
    await third.ping();
    expect(host.stats().sockets.endpointsCut).to.equal(0);
  });

  it('binds any address, and only with CURVE', async () => {
    const folder = keyFolder(['trader']);
    const { host } = testHost();
    try {
      const { roles, serverKey } = await host.listen({
        roles: { trader: 'tcp://0.0.0.0:0' },
        curve: { folder: folder.path },
      });
      const port = roles.trader?.split(':').at(-1);
      const curve = { ...curveOf(folder, 'trader'), serverKey };
      const client = new BaseClient({ endpoint: `tcp://127.0.0.1:${port}`, curve, connectTimeoutMs: 20_000 });
      const described = await client.call<HostDescription>('service.describe');
      expect(described.endpoints).to.deep.equal({ roles, serverKey });
      expect((await client.call<HostHealth>('service.health')).ready).to.equal(true);
      await client.close();
    } finally {
      await host.drain('end of test');
      removeKeys(folder);
    }
    const plain = testHost();
    expect(await errorOf(plain.host.listen({ request: 'tcp://0.0.0.0:0' }))).to.include({
      code: 'FAILED_PRECONDITION',
    });
    await plain.host.drain('end of test');
  });

  it('works over ipc too, revocations included', async () => {
    const folder = keyFolder(['trader']);
    const { host } = testHost();
    const endpoint = `ipc://${folder.path}/socket`;
    await host.listen({ roles: { trader: endpoint }, curve: { folder: folder.path, pollMs: 20 } });
    const client = new BaseClient({ endpoint, curve: curveOf(folder, 'trader'), connectTimeoutMs: 20_000 });
    await client.ping();
    folder.revoke('trader', 'trader');
    host.reloadKeys();
    await untilRefused(() => client.ping());
    await client.close();
    await host.drain('end of test');
    removeKeys(folder);
  });

  it('publishes events to the roles that may subscribe', async () => {
    const { client, endpoints, host, folder } = await open(['trader', 'observer'], {
      eventRoles: ['observer'],
    });
    const heard: string[] = [];
    const observer = client('observer');
    observer.subscribe('news', ({ topic }) => heard.push(`observer ${topic}`));
    client('trader').subscribe('news', ({ topic }) => heard.push(`trader ${topic}`));
    const plain = new BaseClient({ endpoint: endpoints.events ?? '', events: endpoints.events ?? '' });
    plain.subscribe('news', ({ topic }) => heard.push(`plain ${topic}`));
    const say = setInterval(() => host.publish('news', 1), 5);
    await until(() => heard.length > 5);
    const refused = (): number => host.stats().sockets.handshakesRefused;
    await until(() => refused() > 0);
    expect(new Set(heard)).to.deep.equal(new Set(['observer news']));
    folder.revoke('observer', 'observer');
    const before = refused();
    await until(() => refused() > before, 20_000);
    const count = heard.length;
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(heard.length).to.equal(count);
    clearInterval(say);
    await plain.close();
  });

  it('counts who knocks with wrong keys again and again, and serves the others', async () => {
    const { endpoints, client, host } = await open(['trader'], { handshakes: { perAddress: 5, inAll: 10 } });
    const endpoint = endpoints.roles.trader ?? '';
    const serverKey = endpoints.serverKey;
    for (let round = 0; round < 6; round++) {
      const knocking = Array.from({ length: 10 }, () => {
        const { publicKey, secretKey } = curveKeyPair();
        const socket = new Dealer({
          ...{ linger: 0, immediate: true, reconnectInterval: -1 },
          ...{ curveServerKey: serverKey, curvePublicKey: publicKey, curveSecretKey: secretKey },
        });
        const ended = (async () => {
          for await (const { type } of socket.events) if (type.startsWith('handshake')) return;
        })();
        socket.connect(endpoint);
        return ended.then(() => socket.close());
      });
      await Promise.all(knocking);
    }
    expect(await client('trader').call('test.context')).to.include({ role: 'trader' });
    const { sockets } = host.stats();
    expect(sockets.handshakesAccepted).to.equal(1);
    expect(sockets.handshakesRefused + sockets.handshakesLimited).to.equal(60);
    expect(sockets.handshakesLimited).to.be.above(0);
  });

  it('does not start with keys or lists that may not be used as they are', async () => {
    const folder = keyFolder(['trader']);
    const listen = async (
      curve: Partial<Parameters<typeof curveHost>[1]>,
      roles: object = { trader: 'tcp://127.0.0.1:0' },
    ) => {
      const { host } = testHost();
      const error = await errorOf(host.listen({ roles, curve: { folder: folder.path, ...curve } }));
      await host.drain('end of test');
      return error;
    };
    expect(await listen({ name: 'nobody' })).to.include({ code: 'NOT_FOUND' });
    expect(await listen({ folder: '/nowhere' })).to.include({ code: 'NOT_FOUND' });
    expect(await listen({ pollMs: 0 })).to.include({ code: 'INVALID_ARGUMENT', field: 'curve.pollMs' });
    expect(await listen({}, {})).to.include({ code: 'INVALID_ARGUMENT', field: 'roles' });
    expect(await listen({}, { king: 'tcp://127.0.0.1:0' })).to.include({ code: 'INVALID_ARGUMENT' });
    expect(await listen({}, { trader: 'tcp://127.0.0.1' })).to.include({ field: 'roles.trader' });
    chmodSync(folder.secretFile('host'), 0o644);
    expect(await listen({})).to.include({ code: 'FAILED_PRECONDITION', field: folder.secretFile('host') });
    chmodSync(folder.secretFile('host'), 0o600);
    writeFileSync(folder.listFile('trader'), 'nonsense\n');
    expect(await listen({})).to.include({ code: 'INVALID_ARGUMENT' });
    removeKeys(folder);
  });

  it('shares a process with other hosts of its kind, each with its own keys', async () => {
    const first = await open();
    const second = await curveHost(['trader']);
    try {
      await Promise.all([first.client('trader').ping(), second.client('trader').ping()]);
      const crossed = new BaseClient({
        endpoint: second.endpoints.roles.trader ?? '',
        curve: { ...curveOf(first.folder, 'trader'), serverKey: second.endpoints.serverKey },
        connectTimeoutMs: 20_000,
      });
      expect((await errorOf(crossed.call('service.ping'))).code).to.equal('UNAUTHENTICATED');
      await crossed.close();
    } finally {
      await second.close();
    }
    await first.client('trader').ping();
  });

  it('is one of several for a client, each known by its own key', async () => {
    const first = await open();
    const second = await curveHost(['trader']);
    second.folder.allow('trader', { ...first.folder.publicKey('trader') });
    second.host.reloadKeys();
    const [a, b] = [first.endpoints, second.endpoints];
    const client = new BaseClient({
      endpoints: [a.roles.trader ?? '', b.roles.trader ?? ''],
      curve: { ...curveOf(first.folder, 'trader'), serverKey: [a.serverKey, b.serverKey] },
      connectTimeoutMs: 20_000,
    });
    await client.ping();
    await first.host.drain('gone');
    await untilAnswered(() => client.ping());
    await client.close();
    await second.close();
  });

  it('tells a client of several hosts, none of which knows its key, that it is its key', async () => {
    const first = await open();
    const second = await curveHost(['trader']);
    first.folder.create('stranger');
    const [a, b] = [first.endpoints, second.endpoints];
    const client = new BaseClient({
      endpoints: [a.roles.trader ?? '', b.roles.trader ?? ''],
      curve: { ...curveOf(first.folder, 'stranger'), serverKey: [a.serverKey, b.serverKey] },
      connectTimeoutMs: 3_000,
      timeoutMs: 30_000,
    });
    await until(() => second.host.stats().sockets.handshakesRefused > 0);
    await untilRefused(() => client.ping());
    const startMs = performance.now();
    expect((await errorOf(client.ping())).code).to.equal('UNAUTHENTICATED');
    expect(performance.now() - startMs).to.be.below(2_500);
    await client.close();
    await second.close();
  });

  it('is asked nothing in clear: what a plain socket sends never arrives', async () => {
    const { endpoints, host } = await open();
    const socket = new Dealer({ linger: 0, sendTimeout: 200, immediate: false });
    socket.connect(endpoints.roles.trader ?? '');
    await socket.send('{"v":1,"id":1,"cmd":"service.ping"}');
    const failed = new Promise<void>((resolve) => {
      void (async () => {
        for await (const { type } of socket.events) if (type.startsWith('handshake')) return resolve();
      })();
    });
    await failed;
    socket.close();
    expect(host.stats().sockets.received).to.equal(0);
  });

  it('has clients that close at once, refused or not', async () => {
    const host = await open();
    for (const curve of [stranger(host), curveOf(host.folder, 'trader')]) {
      const client = new BaseClient({ endpoint: host.endpoints.roles.trader ?? '', curve });
      const call = errorOf(client.call('test.hang'));
      await client.close();
      expect((await call).code).to.be.oneOf(['CANCELLED', 'UNAUTHENTICATED']);
    }
  });
});

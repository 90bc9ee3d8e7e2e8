import { chmodSync, rmSync, writeFileSync } from 'node:fs';
import { expect } from 'chai';
import { Context, Request } from 'zeromq';
import { createLogger, ManualClock, silentLogger } from '#conclave/runtime/index.js';
import {
  decodeZ85Key,
  HandshakeLimiter,
  type KeyFolder,
  KeyPair,
  WatchedAllowList,
  ZapHandler,
} from '#conclave/service-framework/security/index.js';
import { keyFolder, removeKeys } from '../support/curve-host.js';

describe('HandshakeLimiter', () => {
  it('lets a burst through, then so many a second, for each address and in all', () => {
    const clock = new ManualClock();
    const limiter = new HandshakeLimiter(clock, { perAddress: 2, inAll: 5 });
    const taken = (address: string, times: number): number =>
      Array.from({ length: times }, () => limiter.take(address)).filter(Boolean).length;
    expect(taken('a', 10)).to.equal(4);
    expect(taken('b', 10)).to.equal(4);
    expect(taken('c', 10)).to.equal(2);
    clock.advance(1_000);
    expect([taken('a', 10), taken('b', 10), taken('c', 10)]).to.deep.equal([2, 2, 1]);
    clock.advance(60_000);
    expect(taken('a', 100)).to.equal(4);
  });

  it('remembers a bounded number of addresses', () => {
    const limiter = new HandshakeLimiter(new ManualClock(), { perAddress: 1, inAll: 1e9 });
    limiter.take('first');
    limiter.take('first');
    expect(limiter.take('first')).to.equal(false);
    for (let i = 0; i < 5_000; i++) limiter.take(`address ${i}`);
    expect(limiter.take('first')).to.equal(true);
  });
});

describe('WatchedAllowList', () => {
  let folder: KeyFolder;
  const clock = new ManualClock();
  let lines: string[];
  let list: WatchedAllowList;
  const open = (): WatchedAllowList => {
    const logger = createLogger({ destination: { write: (line) => lines.push(line) } });
    return new WatchedAllowList({ file: folder.listFile('trader'), clock, logger, pollMs: 100 });
  };

  beforeEach(() => {
    lines = [];
    folder = keyFolder(['trader']);
    list = open();
    list.start();
  });
  afterEach(() => {
    list.stop();
    removeKeys(folder);
  });

  it('follows its file and tells who was revoked', () => {
    const revoked: string[][] = [];
    list.watch((keys) => revoked.push([...keys]));
    const { publicKey } = folder.create('late');
    expect(list.nameOf(publicKey)).to.equal(undefined);
    folder.allow('trader', { publicKey, name: 'late' });
    clock.advance(100);
    expect(list.nameOf(publicKey)).to.equal('late');
    folder.revoke('trader', 'late');
    clock.advance(100);
    expect(list.nameOf(publicKey)).to.equal(undefined);
    expect(list.size).to.equal(1);
    expect(revoked).to.deep.equal([[publicKey]]);
  });

  it('keeps what it has when the file makes no sense or others can write it, and says so once', () => {
    const good = folder.publicKey('trader').publicKey;
    for (const spoil of [
      () => writeFileSync(folder.listFile('trader'), 'hunter2 is no key\n'),
      () => chmodSync(folder.listFile('trader'), 0o666),
    ]) {
      lines = [];
      spoil();
      clock.advance(1_000);
      expect(list.nameOf(good)).to.equal('trader');
      expect(lines).to.have.length(1);
      expect(lines[0]).to.contain('the old one stays').and.not.contain('hunter2');
    }
    rmSync(folder.listFile('trader'));
    folder.allow('trader', folder.create('other'));
    clock.advance(100);
    expect(list.nameOf(good)).to.equal(undefined);
  });

  it('allows nobody once its file is gone', () => {
    rmSync(folder.listFile('trader'));
    clock.advance(100);
    expect(list.size).to.equal(0);
    expect(open().size).to.equal(0);
  });

  it('refuses to start with a list that makes no sense', () => {
    writeFileSync(folder.listFile('trader'), 'nonsense\n');
    expect(open).to.throw().with.property('code', 'INVALID_ARGUMENT');
  });
});

describe('ZapHandler', () => {
  const alice = KeyPair.generate();
  let context: Context;
  let zap: ZapHandler;
  let asker: Request;

  beforeEach(async () => {
    // A closed socket gives its name back only when the library gets round to it.
    context = new Context();
    const domains = new Map([
      ['trader', { nameOf: (key: string) => (key === alice.publicKey ? 'alice' : undefined) }],
    ]);
    const rates = { perAddress: 2, inAll: 1_000 };
    zap = new ZapHandler({ context, clock: new ManualClock(), logger: silentLogger(), domains, rates });
    await zap.start();
    asker = new Request({ context, linger: 0, receiveTimeout: 10_000 });
    asker.connect('inproc://zeromq.zap.01');
  });
  afterEach(() => {
    asker.close();
    zap.close();
  });

  async function ask(frames: (string | Buffer)[]): Promise<string[]> {
    await asker.send(frames);
    return (await asker.receive()).map(String);
  }
  const curve = (domain: string, key: Buffer, address = '10.0.0.1'): (string | Buffer)[] => [
    ...['1.0', '7', domain, address, '', 'CURVE'],
    key,
  ];

  it('lets in the keys of the domain, by name, and no others', async () => {
    const key = decodeZ85Key(alice.publicKey);
    expect(await ask(curve('trader', key))).to.deep.equal(['1.0', '7', '200', 'OK', 'alice', '']);
    const questions = [
      curve('admin', key, 'a'),
      curve('', key, 'b'),
      curve('trader', Buffer.alloc(32), 'c'),
      curve('trader', Buffer.alloc(31), 'd'),
      ['1.0', '7', 'trader', 'e', '', 'NULL'],
      ['1.0', '7', 'trader', 'f', '', 'PLAIN', 'user', 'password'],
      ['2.0', '7', 'trader', 'g', '', 'CURVE', key],
      [...curve('trader', key, 'h'), 'more'],
      ['x'],
      [Buffer.alloc(0)],
    ];
    for (const question of questions) expect((await ask(question))[2], String(question)).to.equal('400');
    expect(zap.counts()).to.deep.equal({
      handshakesAccepted: 1,
      handshakesRefused: questions.length,
      handshakesLimited: 0,
    });
  });

  it('turns away who knocks too often, and a stranger who does keeps nobody else out', async () => {
    const statuses: (string | undefined)[] = [];
    for (let i = 0; i < 10; i++) statuses.push((await ask(curve('trader', Buffer.alloc(32))))[2]);
    expect(new Set(statuses)).to.deep.equal(new Set(['400']));
    expect(zap.counts()).to.include({ handshakesRefused: 4, handshakesLimited: 6 });
    const key = decodeZ85Key(alice.publicKey);
    for (const status of ['200', '200', '200', '200', '500', '500'])
      expect((await ask(curve('trader', key)))[2]).to.equal(status);
    expect((await ask(curve('trader', key, '10.0.0.2')))[2]).to.equal('200');
    expect(zap.counts()).to.include({ handshakesAccepted: 5, handshakesLimited: 8 });
  });

  it('is one to a context', async () => {
    const second = new ZapHandler({
      context,
      clock: new ManualClock(),
      logger: silentLogger(),
      domains: new Map(),
      rates: { perAddress: 1, inAll: 1 },
    });
    let failed = false;
    await second.start().catch(() => {
      failed = true;
    });
    second.close();
    expect(failed).to.equal(true);
  });
});

import { expect } from 'chai';
import { ManualClock, silentLogger } from '#conclave/runtime/index.js';
import { ConnectionGuard } from '#conclave/service-framework/host/connection-guard.js';
import { ConnectionWatch } from '#conclave/service-framework/host/connection-watch.js';
import {
  readDescriptors,
  reserveOf,
  roomForConnections,
} from '#conclave/service-framework/host/descriptors.js';

describe('room for connections', () => {
  it('is what the system allows, less what is open and what is kept free', () => {
    expect(roomForConnections({ open: 100, limit: 8_000 }, undefined)).to.equal(8_000 - 100 - 1_000);
    expect(roomForConnections({ open: 100, limit: 256 }, undefined)).to.equal(256 - 100 - reserveOf(256));
    expect(roomForConnections({ open: 100, limit: 8_000 }, 50)).to.equal(50);
  });

  it('must be there for as many as are wanted, and for some at least', () => {
    for (const [open, wanted] of [
      [100, 7_000],
      [7_990, undefined],
    ] as const)
      expect(() => roomForConnections({ open, limit: 8_000 }, wanted))
        .to.throw()
        .with.property('field', 'maxConnections');
    expect(() => roomForConnections(undefined, 0))
      .to.throw()
      .with.property('code', 'INVALID_ARGUMENT');
  });

  it('is not known everywhere', () => {
    expect(roomForConnections(undefined, undefined)).to.equal(Number.POSITIVE_INFINITY);
    expect(roomForConnections(undefined, 7)).to.equal(7);
  });

  it('is read from the system where that tells', function () {
    const descriptors = readDescriptors();
    if (!descriptors) this.skip();
    expect(descriptors.open).to.be.within(3, descriptors.limit);
  });
});

describe('ConnectionGuard', () => {
  let clock: ManualClock;
  let sockets: { connections: ConnectionWatch; cut(why: string): void; cuts: string[] }[];
  let guard: ConnectionGuard;

  function socket(open: number, silent: number): (typeof sockets)[0] {
    const cuts: string[] = [];
    const connections = Object.assign(new ConnectionWatch(), { open, silent });
    return { connections, cuts, cut: (why) => cuts.push(why) };
  }

  function watched(index: number): ConnectionWatch {
    return sockets[index]?.connections ?? new ConnectionWatch();
  }

  beforeEach(() => {
    clock = new ManualClock();
    sockets = [socket(60, 0), socket(39, 30)];
    guard = new ConnectionGuard({
      ...{ clock, logger: silentLogger(), maxConnections: 100, maxResidentBytes: 1e15 },
      sockets: () => sockets,
    });
  });

  it('is full when as many have introduced themselves as are allowed, and cuts nobody yet', () => {
    watched(0).open += 10;
    expect(guard.full).to.equal(false);
    watched(1).silent = 9;
    expect(guard.full).to.equal(true);
    guard.onConnection(watched(0));
    expect(guard.cuts).to.equal(0);
  });

  it('cuts where most do not introduce themselves, once it is over by more than a little', () => {
    watched(0).open += 50;
    watched(1).silent = 30;
    guard.onConnection(watched(0));
    expect(sockets.map(({ cuts }) => cuts.length)).to.deep.equal([0, 1]);
    guard.onConnection(watched(0));
    expect(guard.cuts, 'again at once').to.equal(1);
    clock.advance(5_000);
    guard.onConnection(watched(0));
    expect(guard.cuts, 'later').to.equal(2);
  });

  it('cuts when no descriptor was left, however few are open', () => {
    watched(0).acceptsFailed++;
    guard.onConnection(watched(0));
    expect(guard.cuts).to.equal(1);
    guard.onConnection(watched(0));
    expect(guard.cuts, 'for one failure').to.equal(1);
  });

  it('cuts all once when there is too much memory in use, and not again for the same', () => {
    guard = new ConnectionGuard({
      ...{ clock, logger: silentLogger(), maxConnections: 100, maxResidentBytes: 1 },
      sockets: () => sockets,
    });
    guard.start();
    expect(sockets.map(({ cuts }) => cuts.length)).to.deep.equal([1, 1]);
    clock.advance(10_000);
    guard.stop();
    expect(guard.cuts).to.equal(2);
  });
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { rendezvousOrder } from '#conclave/service-framework/client/index.js';
import { projectRoot } from '../../../support/shared-data.js';

interface GoldenOrder {
  readonly names: readonly string[];
  readonly key: string;
  readonly order: readonly number[];
}

const GOLDEN = join(projectRoot, 'test/service-framework/client/pool/rendezvous.json');

const hosts = fc.uniqueArray(
  fc.integer({ min: 1, max: 65_535 }).map((port) => `tcp://127.0.0.1:${port}`),
  { minLength: 1, maxLength: 12 },
);

describe('rendezvousOrder', () => {
  it('gives the hosts that clients in other languages give', () => {
    const { cases } = JSON.parse(readFileSync(GOLDEN, 'utf8')) as { cases: GoldenOrder[] };
    expect(cases).to.not.be.empty;
    for (const { names, key, order } of cases) expect(rendezvousOrder(names, key)).to.deep.equal(order);
  });

  it('gives every key all hosts in an order that depends on their names only', () => {
    fc.assert(
      fc.property(hosts, fc.string(), (names, key) => {
        const order = rendezvousOrder(names, key).map((index) => names[index]);
        expect([...order].sort()).to.deep.equal([...names].sort());
        const turned = [...names].reverse();
        expect(rendezvousOrder(turned, key).map((index) => turned[index])).to.deep.equal(order);
      }),
    );
  });

  it('moves only the keys of a host that goes, each to the one that came next', () => {
    fc.assert(
      fc.property(hosts, fc.string(), fc.nat(), (names, key, which) => {
        fc.pre(names.length > 1);
        const gone = names[which % names.length];
        const left = names.filter((name) => name !== gone);
        const before = rendezvousOrder(names, key).map((index) => names[index]);
        const after = rendezvousOrder(left, key).map((index) => left[index]);
        expect(after).to.deep.equal(before.filter((name) => name !== gone));
      }),
    );
  });

  it('spreads similar keys evenly', () => {
    const names = Array.from({ length: 5 }, (_, i) => `tcp://127.0.0.1:${7400 + i}`);
    const owned = names.map(() => 0);
    for (let i = 0; i < 10_000; i++) {
      const [winner = 0] = rendezvousOrder(names, `SYM${i}/USDT`);
      owned[winner] = (owned[winner] ?? 0) + 1;
    }
    // 2,000 each, with a standard deviation of 40.
    for (const count of owned) expect(count).to.be.within(1_800, 2_200);
  });

  it('stays what it was: a key keeps its host over versions', () => {
    const names = ['tcp://10.0.0.1:7400', 'tcp://10.0.0.2:7400', 'tcp://10.0.0.3:7400'];
    const owners = ['BTC/USDT', 'ETH/USDT', 'SOL/USDT', 'XRP/USDT', ''].map((key) =>
      rendezvousOrder(names, key),
    );
    expect(owners).to.deep.equal([
      [0, 2, 1],
      [2, 0, 1],
      [1, 2, 0],
      [2, 0, 1],
      [1, 0, 2],
    ]);
  });
});

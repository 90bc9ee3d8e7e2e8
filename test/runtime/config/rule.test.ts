import { expect } from 'chai';
import fc from 'fast-check';
import { editDistance, nearest } from '#conclave/runtime/config/nearest.js';
import { defineConfig, loadConfig, type Setting } from '#conclave/runtime/index.js';

const help = 'A setting.';

/** Whether a setting takes a text given by its flag. */
function accepts(setting: Setting, text: string): boolean {
  const schema = defineConfig({ a: { ...setting, flag: '--a' } as Setting });
  try {
    loadConfig(schema, { argv: [`--a=${text}`], cwd: '/' });
    return true;
  } catch {
    return false;
  }
}

describe('rules of settings', () => {
  it('know an endpoint', () => {
    const endpoint: Setting = { type: 'endpoint', help };
    const good = ['tcp://*:0', 'tcp://127.0.0.1:5555', 'tcp://[::1]:*', 'tcp://host-1.example:65535'];
    for (const text of [...good, 'ipc:///run/conclave.sock', 'inproc://committee'])
      expect(accepts(endpoint, text), text).to.equal(true);
    const bad = ['tcp://host', 'tcp://:1', 'tcp://a:65536', 'tcp://a b:1', 'http://a:1', 'ipc://', 'a:1', ''];
    for (const text of [...bad, `ipc:///${'x'.repeat(120)}`])
      expect(accepts(endpoint, text), text).to.equal(false);
    expect(accepts({ type: 'endpoint', schemes: ['ipc'], help }, 'tcp://a:1')).to.equal(false);
  });

  it('match a pattern against the whole text', () => {
    const symbol: Setting = { type: 'string', pattern: /[A-Z]+|[0-9]+/, help };
    expect(accepts(symbol, 'BTC')).to.equal(true);
    expect(accepts(symbol, 'BTC1')).to.equal(false);
    expect(accepts({ type: 'string', maxLength: 2, help }, 'abc')).to.equal(false);
    expect(accepts({ type: 'string', minLength: 0, help }, '')).to.equal(true);
  });

  it('accept exactly the integers within the range', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer(), fc.integer(), (a, b, value) => {
        const [min, max] = a < b ? [a, b] : [b, a];
        expect(accepts({ type: 'integer', min, max, help }, String(value))).to.equal(
          value >= min && value <= max,
        );
      }),
    );
  });
});

describe('nearest name', () => {
  it('counts inserted, deleted, replaced and swapped characters', () => {
    expect(editDistance('', 'abc')).to.equal(3);
    expect(editDistance('abc', 'acb')).to.equal(1);
    expect(editDistance('kitten', 'sitting')).to.equal(3);
  });

  it('is a symmetric distance of at most the longer length', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (a, b) => {
        const distance = editDistance(a, b);
        expect(distance).to.equal(editDistance(b, a));
        expect(distance).to.be.within(Math.abs(a.length - b.length), Math.max(a.length, b.length));
        expect(distance === 0).to.equal(a === b);
      }),
    );
  });

  it('prefers the closest and gives up on what resembles nothing', () => {
    expect(nearest('colour', ['cloud', 'color'])).to.equal('color');
    expect(nearest('DATADIR', ['dataDir'])).to.equal('dataDir');
    expect(nearest('qqqq', ['dataDir'])).to.equal(undefined);
    expect(nearest('x'.repeat(5000), ['x'])).to.equal(undefined);
  });
});

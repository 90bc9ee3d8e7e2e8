import { decode, encode } from '@msgpack/msgpack';
import { expect } from 'chai';
import fc from 'fast-check';
import { CODEC_NAMES, decodeBody, encodeBody, encodeCanonical } from '#conclave/service-framework/index.js';
import { refusalOf } from '../../support/thrown.js';
import { plainValue } from './plain-value.js';

describe('payload codecs', () => {
  for (const codec of CODEC_NAMES) {
    it(`give back what went in (${codec})`, () => {
      fc.assert(
        fc.property(plainValue, (value) => {
          expect(decodeBody(codec, encodeBody(codec, value))).to.deep.equal(value);
        }),
        { numRuns: 300 },
      );
    });

    it(`leave undefined fields out and make undefined elements null (${codec})`, () => {
      expect(decodeBody(codec, encodeBody(codec, { a: undefined, b: [undefined, 1] }))).to.deep.equal({
        b: [null, 1],
      });
    });

    it(`write an instance of a class as a map of its own fields (${codec})`, () => {
      class Vote {
        label = 'bull';
        get shout(): string {
          return 'BULL';
        }
      }
      expect(decodeBody(codec, encodeBody(codec, new Vote()))).to.deep.equal({ label: 'bull' });
    });

    it(`refuse what has no place in a message, by its path (${codec})`, () => {
      const cycle: Record<string, unknown> = {};
      cycle['self'] = cycle;
      const values: [unknown, string][] = [
        [{ a: [1, () => 1] }, 'a[1]'],
        [{ a: { b: Symbol('x') } }, 'a.b'],
        [{ big: 1n }, 'big'],
        [{ at: new Date(0) }, 'at'],
        [{ m: new Map() }, 'm'],
        [new Set(), 'body'],
        [{ p: Promise.resolve() }, 'p'],
        [{ v: new Float64Array(1).buffer }, 'v'],
        [{ constructor: 1 }, 'constructor'],
        [JSON.parse('{"a":{"__proto__":1}}'), 'a.__proto__'],
      ];
      for (const [value, field] of values)
        expect(refusalOf(() => encodeBody(codec, value)).field).to.equal(field);
      expect(refusalOf(() => encodeBody(codec, cycle)).message).to.include('nested less deeply');
    });
  }

  it('write the bytes that @msgpack/msgpack writes', () => {
    fc.assert(
      fc.property(plainValue, (value) => {
        expect(Buffer.from(encodeBody('msgpack', value)).equals(encode(value))).to.equal(true);
      }),
      { numRuns: 500 },
    );
  });

  it('read what @msgpack/msgpack writes, as it reads it', () => {
    fc.assert(
      fc.property(plainValue, fc.boolean(), (value, forceFloat32) => {
        const bytes = encode(value, { forceFloat32 });
        expect(decodeBody('msgpack', bytes, { allowNonFinite: true })).to.deep.equal(decode(bytes));
      }),
      { numRuns: 500 },
    );
  });

  it('write lone surrogates as U+FFFD, so that receivers get UTF-8', () => {
    for (const text of ['\ud800', `${'x'.repeat(100)}\udfff`])
      expect(decodeBody('msgpack', encodeBody('msgpack', text))).to.equal(
        text.replace(/[\ud800-\udfff]/, '\ufffd'),
      );
  });

  it('keep -0 in MessagePack', () => {
    expect(Object.is(decodeBody('msgpack', encodeBody('msgpack', -0)), -0)).to.equal(true);
  });

  it('carry strings and arrays of every header size', () => {
    for (const size of [0, 15, 16, 31, 32, 47, 48, 255, 256, 65_535, 65_536]) {
      const value = { text: 'x'.repeat(size), wide: 'ж'.repeat(size), list: new Array<number>(size).fill(7) };
      const bytes = encodeBody('msgpack', value);
      expect(Buffer.from(bytes).equals(encode(value)), `size ${size}`).to.equal(true);
      expect(decodeBody('msgpack', bytes)).to.deep.equal(value);
    }
  });

  it('carry bytes as bin in MessagePack and as numbers in JSON', () => {
    const bytes = Uint8Array.of(1, 2, 255);
    expect(decodeBody('msgpack', encodeBody('msgpack', { bytes }))).to.deep.equal({ bytes });
    expect(decodeBody('json', encodeBody('json', { bytes }))).to.deep.equal({ bytes: [1, 2, 255] });
  });

  it('refuse to write NaN in JSON, where it would become null, and name its path', () => {
    expect(refusalOf(() => encodeBody('json', { a: [1, Number.NaN] })).field).to.equal('a[1]');
    const column = Float64Array.of(1, Number.POSITIVE_INFINITY);
    expect(refusalOf(() => encodeBody('json', { a: { column } })).field).to.equal('a.column[1]');
  });

  it('give equal values equal canonical bytes, in whatever order their fields were set', () => {
    const close = Float64Array.of(1, 2);
    const one = encodeCanonical({ b: { y: 1, x: undefined, z: [1] }, a: close });
    const other = encodeCanonical({ a: close.slice(), b: { z: [1], y: 1 } });
    expect(Buffer.from(one).equals(other)).to.equal(true);
    expect(Buffer.from(one).equals(encodeCanonical({ a: close, b: { z: [2], y: 1 } }))).to.equal(false);
  });
});

import { encode } from '@msgpack/msgpack';
import { expect } from 'chai';
import { DEFAULT_LIMITS, encodeBody, scanMessagePack } from '#conclave/service-framework/index.js';
import { refusalOf } from '../../support/thrown.js';

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);
const refused = (document: Uint8Array, limits = DEFAULT_LIMITS): string =>
  refusalOf(() => scanMessagePack(document, limits)).message;

/** `depth` arrays inside one another around nothing. */
function nested(depth: number): Uint8Array {
  return Uint8Array.from({ length: depth }, (_, i) => (i === depth - 1 ? 0x90 : 0x91));
}

/** A map with the given keys, in order, all values 1; keys may repeat. */
function mapWith(...keys: string[]): Uint8Array {
  return Buffer.concat([bytes(0x80 | keys.length), ...keys.flatMap((key) => [encode(key), bytes(1)])]);
}

describe('scanMessagePack', () => {
  it('lets every kind of plain value pass', () => {
    const value = {
      n: null,
      b: [true, false],
      i: [0, 127, 128, 65536, 2 ** 40],
      f: 1.5,
      s: 'ä',
      x: bytes(1, 2),
    };
    expect(() =>
      scanMessagePack(encode({ ...value, negative: [-1, -33, -200, -70000, -(2 ** 40)] })),
    ).not.to.throw();
  });

  it('refuses the five-byte bomb: an array of four billion elements', () => {
    expect(refused(bytes(0xdd, 0xff, 0xff, 0xff, 0xff))).to.include('more elements declared than bytes left');
    expect(refused(bytes(0xdf, 0xff, 0xff, 0xff, 0xff))).to.include('more elements declared than bytes left');
  });

  it('refuses the 300-byte bomb: nested array headers that each fit into the bytes left', () => {
    const bomb = Buffer.concat(Array.from({ length: 60 }, () => bytes(0xdd, 0, 0, 0, 200)));
    expect(refused(bomb)).to.include('more elements declared than bytes left');
  });

  it('sums the elements declared over all open containers', () => {
    // Each array alone would fit: 4 elements, then 3 more while 3 of the first are still owed.
    expect(refused(bytes(0x94, 0x93, 1, 1, 1))).to.include('more elements declared than bytes left');
    expect(() => scanMessagePack(bytes(0x94, 0x91, 1, 1, 1, 1))).not.to.throw();
  });

  it('accepts depth 32 and refuses 33', () => {
    expect(() => scanMessagePack(nested(32))).not.to.throw();
    expect(refused(nested(33))).to.include('nested deeper than 32');
  });

  it('refuses a document cut anywhere', () => {
    const whole = encodeBody('msgpack', {
      symbol: 'BTC/USDT',
      close: Float64Array.of(1, 2),
      list: [1.5, -7, 'é'],
    });
    for (let end = 0; end < whole.length; end++) refused(whole.subarray(0, end));
    expect(() => scanMessagePack(whole)).not.to.throw();
  });

  it('refuses bytes after the end and the byte that MessagePack never uses', () => {
    expect(refused(bytes(1, 1))).to.include('trailing');
    expect(refused(bytes(0xc1))).to.include('illegal');
  });

  it('refuses integers that float64 cannot hold exactly, and only those', () => {
    expect(refused(bytes(0xcf, 0, 0x20, 0, 0, 0, 0, 0, 0))).to.include('2^53');
    expect(refused(bytes(0xd3, 0xff, 0xe0, 0, 0, 0, 0, 0, 0))).to.include('2^53');
    for (const edge of [Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER])
      expect(() => scanMessagePack(encode(edge))).not.to.throw();
  });

  it('refuses keys that reach a prototype, at any depth', () => {
    for (const key of ['__proto__', 'constructor', 'prototype']) {
      expect(refused(mapWith('a', key))).to.include('forbidden key');
      expect(refused(Buffer.concat([bytes(0x91), mapWith(key)]))).to.include('forbidden key');
    }
    expect(() => scanMessagePack(mapWith('then', 'toString', 'constructors'))).not.to.throw();
  });

  it('refuses repeated keys in small and in large maps', () => {
    expect(refused(mapWith('a', 'b', 'a'))).to.include('repeated key');
    const many = Array.from({ length: 40 }, (_, i) => encode(`key${i}`));
    const map = (keys: Uint8Array[]): Uint8Array =>
      Buffer.concat([bytes(0xde, 0, keys.length), ...keys.flatMap((key) => [key, bytes(1)])]);
    expect(() => scanMessagePack(map(many))).not.to.throw();
    expect(refused(map([...many, encode('key7')]))).to.include('repeated key');
  });

  it('refuses keys that are no text', () => {
    expect(refused(bytes(0x81, 1, 1))).to.include('no text');
    expect(refused(bytes(0x81, 0xc4, 1, 0x61, 1))).to.include('no text');
  });

  it('refuses strings over the limit by their header alone', () => {
    expect(refused(bytes(0xdb, 0, 0x10, 0, 1))).to.include('longer than 1048576');
    expect(refused(bytes(0xc6, 0, 0x10, 0, 1))).to.include('longer than 1048576');
  });

  it('refuses invalid UTF-8 in values and keys', () => {
    expect(refused(bytes(0xa2, 0xc3, 0x28))).to.include('UTF-8');
    expect(refused(bytes(0x81, 0xa1, 0xff, 1))).to.include('UTF-8');
  });

  it('refuses unknown extensions and columns that hold no whole number of elements', () => {
    expect(refused(bytes(0xd4, 6, 0))).to.include('unknown extension type 6');
    expect(refused(bytes(0xd6, 0xff, 0, 0, 0, 0))).to.include('unknown extension type -1');
    expect(refused(bytes(0xc7, 7, 1, 0, 0, 0, 0, 0, 0, 0))).to.include('broken element');
    expect(() => scanMessagePack(bytes(0xc7, 0, 1))).not.to.throw();
  });

  it('refuses NaN and infinities in numbers and columns unless asked to let them pass', () => {
    const documents = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY].flatMap((number) => [
      encodeBody('msgpack', number),
      encodeBody('msgpack', Float64Array.of(1, number)),
      encodeBody('msgpack', Float32Array.of(1, number)),
    ]);
    for (const document of documents) {
      expect(refused(document)).to.include('finite');
      expect(() => scanMessagePack(document, DEFAULT_LIMITS, { allowNonFinite: true })).not.to.throw();
    }
    expect(refused(bytes(0xca, 0x7f, 0x80, 0, 0))).to.include('finite');
    const extremes = Float64Array.of(Number.MAX_VALUE, -Number.MAX_VALUE, Number.MIN_VALUE, -0);
    expect(() => scanMessagePack(encodeBody('msgpack', extremes))).not.to.throw();
  });

  it('refuses more structure than it could hold in memory, and takes any amount of numbers', () => {
    const limits = { ...DEFAULT_LIMITS, structures: 10 };
    expect(() => scanMessagePack(encode(new Array(9).fill({})), limits)).not.to.throw();
    expect(refused(encode(new Array(10).fill({})), limits)).to.include('more than 10 maps');
    expect(
      refused(encode({ a: 1, b: 2, c: 3, d: 4, e: 5, f: 6, g: 7, h: 8, i: 9, j: 10 }), limits),
    ).to.include('more than 10');
    expect(() => scanMessagePack(encode(new Array(5000).fill(1)), limits)).not.to.throw();
  });

  it('refuses a document above the message limit', () => {
    expect(refused(new Uint8Array(11), { ...DEFAULT_LIMITS, messageBytes: 10 })).to.include('at most 10');
  });
});

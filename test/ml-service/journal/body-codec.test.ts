import { Decoder } from '@msgpack/msgpack';
import { expect } from 'chai';
import fc from 'fast-check';
import { BodyDecoder } from '#conclave/ml-service/journal/body-decoder.js';
import { BodyEncoder } from '#conclave/ml-service/journal/body-encoder.js';
import { JOURNAL_LIMITS } from '#conclave/ml-service/journal/index.js';
import { errorOf } from './support.js';

const encoder = new BodyEncoder();
const decoder = new BodyDecoder();
const roundTrip = (value: unknown): unknown => decoder.decode(encoder.encode(value));

const number = fc.oneof(
  fc.double(),
  fc.integer(),
  fc.maxSafeInteger(),
  fc.constantFrom(-0, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, -(2 ** 31), 2 ** 32 - 1, -33, 127, 128),
);
const text = fc.string({ unit: 'grapheme' });
const name = text.filter((field) => field !== '__proto__');
const leaf = fc.oneof(
  number,
  text,
  fc.boolean(),
  fc.constant(null),
  fc.uint8Array(),
  fc.float64Array(),
  fc.float32Array(),
  fc.int32Array(),
  fc.bigInt64Array(),
);
const { value: anyBody } = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'medium' },
    leaf,
    fc.array(tie('value')),
    fc.dictionary(name, tie('value'), { noNullPrototype: true }),
  ),
}));

describe('body codec', () => {
  it('gives back every value as it was, numbers bit for bit', () => {
    fc.assert(
      fc.property(anyBody, (body) => {
        expect(roundTrip(body)).to.deep.equal(body);
      }),
      { numRuns: 200 },
    );
    fc.assert(
      fc.property(number, (value) => Object.is(roundTrip(value), value)),
      { numRuns: 2000 },
    );
  });

  it('writes MessagePack that other readers read', () => {
    const other = new Decoder();
    const plain = fc.oneof(
      number,
      text,
      fc.array(text),
      fc.dictionary(name, fc.array(number), { noNullPrototype: true }),
    );
    fc.assert(
      fc.property(plain, (value) => {
        expect(other.decode(encoder.encode(value))).to.deep.equal(value);
      }),
    );
  });

  it('gives the same bytes for the same body, long or short before it', () => {
    fc.assert(
      fc.property(anyBody, (body) => {
        const first = new BodyEncoder().encode(body);
        encoder.encode(new Uint8Array(10_000));
        expect(encoder.encode(body)).to.deep.equal(first);
      }),
    );
  });

  it('keeps whole what follows a column that filled the buffer exactly', () => {
    for (let length = 1; length < 1100; length++) {
      const body = { column: new Float64Array(length).fill(-0), after: [true, 'x', length] };
      expect(roundTrip(body)).to.deep.equal(body);
    }
  });

  it('keeps lengths at every boundary of the format', () => {
    for (const length of [0, 15, 16, 31, 32, 255, 256, 65_535, 65_536]) {
      expect(roundTrip('é'.repeat(length))).to.equal('é'.repeat(length));
      expect(roundTrip(new Array(length).fill(1))).to.have.lengthOf(length);
      expect(roundTrip(new Uint8Array(length))).to.deep.equal(new Uint8Array(length));
      const map = Object.fromEntries(Array.from({ length }, (_, i) => [`k${i}`, i]));
      expect(roundTrip(map)).to.deep.equal(map);
    }
  });

  it('encodes what an instance of a class holds and leaves undefined fields out', () => {
    class Vote {
      expert = 'flow';
      abstain = undefined;
      nested = { list: [undefined, 1] };
    }
    expect(roundTrip(new Vote())).to.deep.equal({ expert: 'flow', nested: { list: [null, 1] } });
  });

  it('takes a column at any offset of its memory and returns one of its own', () => {
    const memory = new Float64Array([1, 2, 3, 4]);
    const decoded = roundTrip({ a: 1, column: memory.subarray(1, 3) }) as { column: Float64Array };
    expect(decoded.column).to.deep.equal(new Float64Array([2, 3]));
    expect(decoded.column.byteOffset).to.equal(0);
  });

  it('refuses by its path what has no faithful form', async () => {
    const cases: [unknown, string][] = [
      [{ a: [{ b: 1n }] }, 'body.a[0].b'],
      [{ a: Symbol('x') }, 'body.a'],
      [{ a: new Map() }, 'body.a'],
      [{ a: new Set() }, 'body.a'],
      [{ a: Promise.resolve() }, 'body.a'],
      [{ a: /x/ }, 'body.a'],
      [{ a: new ArrayBuffer(8) }, 'body.a'],
      [{ a: new DataView(new ArrayBuffer(8)) }, 'body.a'],
      [{ a: new Uint16Array(2) }, 'body.a'],
      [{ a: 'x\udfff' }, 'body.a'],
      [{ '\ud800': 1 }, 'body'],
      [JSON.parse('{"a": {"__proto__": 1}}'), 'body.a'],
    ];
    for (const [body, field] of cases)
      expect(await errorOf(() => encoder.encode(body))).to.include({ code: 'INVALID_ARGUMENT', field });
  });

  it('refuses a body too deep or too long, and works on afterwards', async () => {
    let deep: unknown = 1;
    for (let i = 0; i <= JOURNAL_LIMITS.depth; i++) deep = [deep];
    expect((await errorOf(() => encoder.encode(deep))).message).to.contain(`${JOURNAL_LIMITS.depth} levels`);
    const long = new Uint8Array(JOURNAL_LIMITS.bodyBytes);
    expect((await errorOf(() => encoder.encode(long))).message).to.contain(
      `${JOURNAL_LIMITS.bodyBytes} bytes`,
    );
    expect(roundTrip({ a: 1 })).to.deep.equal({ a: 1 });
  });
});

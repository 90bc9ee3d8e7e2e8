import { expect } from 'chai';
import fc from 'fast-check';
import {
  type DecodeOptions,
  decodeBody,
  encodeBody,
  encodeRequest,
  type IncomingRequest,
  joinBatch,
  readMessage,
  swapElements,
  Uint8Column,
} from '#conclave/service-framework/index.js';
import { refusalOf } from '../../support/thrown.js';

const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });

const column = fc.oneof(
  fc.array(finite).map((values) => Float64Array.from(values)),
  fc.array(fc.float({ noNaN: true, noDefaultInfinity: true })).map((values) => Float32Array.from(values)),
  fc.array(fc.integer()).map((values) => Int32Array.from(values)),
  fc.array(int64).map((values) => BigInt64Array.from(values)),
  fc.uint8Array().map((values) => new Uint8Column(values)),
);

describe('columns', () => {
  it('come back as the same type with the same elements', () => {
    fc.assert(
      fc.property(column, (series) => {
        expect(decodeBody('msgpack', encodeBody('msgpack', { series }))).to.deep.equal({ series });
      }),
    );
  });

  it('travel as arrays of numbers in JSON', () => {
    const body = {
      a: Float64Array.of(0.5),
      b: Float32Array.of(0.5),
      c: Int32Array.of(-1),
      d: BigInt64Array.of(-5n),
      e: new Uint8Column(Uint8Array.of(200)),
    };
    expect(decodeBody('json', encodeBody('json', body))).to.deep.equal({
      a: [0.5],
      b: [0.5],
      c: [-1],
      d: [-5],
      e: [200],
    });
    refusalOf(() => encodeBody('json', BigInt64Array.of(2n ** 60n)));
  });

  it('are little-endian behind their extension type', () => {
    expect(Buffer.from(encodeBody('msgpack', Float64Array.of(1))).toString('hex')).to.equal(
      'd701000000000000f03f',
    );
    expect(Buffer.from(encodeBody('msgpack', Int32Array.of(1, 2))).toString('hex')).to.equal(
      'd7030100000002000000',
    );
    expect(Buffer.from(encodeBody('msgpack', new Uint8Column(Uint8Array.of(7)))).toString('hex')).to.equal(
      'd40507',
    );
    expect(Buffer.from(encodeBody('msgpack', new Float64Array())).toString('hex')).to.equal('c70001');
  });

  it('lie aligned in memory of their own, wherever they lay in the message', () => {
    for (let offset = 0; offset < 9; offset++) {
      const encoded = encodeBody('msgpack', Float64Array.of(1.5, -2.5));
      const message = Buffer.alloc(encoded.length + offset);
      message.set(encoded, offset);
      const series = decodeBody('msgpack', message.subarray(offset)) as Float64Array;
      message.fill(0xff);
      expect([...series]).to.deep.equal([1.5, -2.5]);
      expect(series.byteOffset % 8).to.equal(0);
      expect(series.buffer.byteLength).to.equal(16);
    }
  });

  it('are written from views into larger memory without their surroundings', () => {
    const whole = Float64Array.of(9, 1, 2, 9);
    expect(decodeBody('msgpack', encodeBody('msgpack', whole.subarray(1, 3)))).to.deep.equal(
      Float64Array.of(1, 2),
    );
  });

  it('are refused with NaN inside, by element, unless asked for', () => {
    const body = { candles: { close: Float64Array.of(1, 2, 3, Number.NaN) } };
    const bytes = encodeBody('msgpack', body);
    expect(refusalOf(() => decodeBody('msgpack', bytes)).field).to.equal('candles.close[3]');
    expect(decodeBody('msgpack', bytes, { allowNonFinite: true })).to.deep.equal(body);
  });

  it('swap their elements for machines of the other byte order', () => {
    const bytes = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);
    swapElements(bytes, 4);
    expect([...bytes]).to.deep.equal([4, 3, 2, 1, 8, 7, 6, 5]);
    swapElements(bytes, 1);
    expect([...bytes]).to.deep.equal([4, 3, 2, 1, 8, 7, 6, 5]);
  });
});

describe('columns in place', () => {
  const key = fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'd', 'e'), minLength: 0, maxLength: 12 });
  const value = fc.oneof(
    column,
    fc.string({ maxLength: 40 }),
    fc.integer(),
    fc.array(column, { maxLength: 4 }),
  );
  const body = fc.dictionary(key, fc.oneof(value, fc.dictionary(key, value)), { noNullPrototype: true });
  /** Large enough that a socket gives its frame memory of its own, which begins aligned. */
  const large = body.map((members) => ({ ...members, filler: new Float64Array(1_100).fill(7) }));

  /** As a socket hands it over: in memory of its own. */
  function received(bytes: Uint8Array): Buffer {
    const frame = Buffer.allocUnsafeSlow(bytes.length);
    frame.set(bytes);
    return frame;
  }

  function requests(frame: Buffer): IncomingRequest[] {
    const message = readMessage(frame);
    if ('dropped' in message) throw new Error(message.dropped);
    return message.items as IncomingRequest[];
  }

  /** The second lets the quick reader try. */
  const anyOptions = fc.constantFrom<DecodeOptions>(
    { inPlace: true },
    { inPlace: true, allowNonFinite: true },
  );

  function* columnsOf(part: unknown): Iterable<ArrayBufferView> {
    if (part instanceof Uint8Column) yield part.values;
    else if (ArrayBuffer.isView(part)) yield part;
    else if (typeof part === 'object' && part !== null)
      for (const member of Object.values(part)) yield* columnsOf(member);
  }

  it('have the elements and the alignment of those that are copied', () => {
    fc.assert(
      fc.property(large, fc.string({ maxLength: 30 }), anyOptions, (payload, id, options) => {
        const frame = received(encodeRequest('msgpack', { id: `x${id}`, cmd: 'test.echo', ttl: 5 }, payload));
        const copied = requests(received(frame))[0]?.decode();
        const [request] = requests(frame);
        const inPlace = request?.decode(options);
        expect(inPlace).to.deep.equal(copied);
        expect(inPlace).to.deep.equal(payload);
        for (const { byteOffset } of columnsOf(inPlace)) expect(byteOffset % 8).to.equal(0);
        const filler = (inPlace as { filler: Float64Array }).filler;
        expect(filler.buffer, 'stays in the message').to.equal(frame.buffer);
      }),
    );
  });

  it('of small ASCII maps are read by the quick reader too, in the order of their keys', () => {
    const name = fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'd', 'e'), minLength: 1, maxLength: 9 });
    const series = fc
      .array(fc.double(), { minLength: 3, maxLength: 40 })
      .map((values) => Float64Array.from(values));
    const plain = fc.oneof(
      series,
      fc.constantFrom('x', 'BTC/USDT', 1, 2 ** 40, true, null),
      fc.array(fc.nat(9)),
    );
    const quick = fc.dictionary(
      name,
      fc.oneof(plain, fc.dictionary(name, plain, { noNullPrototype: true })),
      {
        noNullPrototype: true,
      },
    );
    fc.assert(
      fc.property(quick, (members) => {
        const payload = { ...members, filler: new Float64Array(1_100).fill(7) };
        const frame = received(encodeRequest('msgpack', { id: 1, cmd: 'test.echo', ttl: 5 }, payload));
        const [request] = requests(frame);
        const read = request?.decode({ inPlace: true, allowNonFinite: true });
        expect(read).to.deep.equal(payload);
        expect(JSON.stringify(keysOf(read))).to.equal(JSON.stringify(keysOf(payload)));
        for (const { byteOffset } of columnsOf(read)) expect(byteOffset % 8).to.equal(0);
      }),
    );
  });

  function keysOf(part: unknown): unknown {
    if (typeof part !== 'object' || part === null || ArrayBuffer.isView(part) || Array.isArray(part))
      return 0;
    return Object.entries(part).map(([member, value]) => [member, keysOf(value)]);
  }

  it('leave the other envelopes of a batch as they are', () => {
    fc.assert(
      fc.property(fc.array(large, { minLength: 2, maxLength: 4 }), anyOptions, (payloads, options) => {
        const envelopes = payloads.map((payload, id) =>
          encodeRequest('msgpack', { id, cmd: 'test.echo' }, payload),
        );
        const found = requests(received(joinBatch('msgpack', envelopes)));
        // From the last to the first, and the first ones' texts are still to be read then.
        const values = found.reverse().map((request) => request.decode(options));
        expect(values.reverse()).to.deep.equal(payloads);
      }),
    );
  });

  it('are copied out of frames that are small, or too large to keep for one column', () => {
    for (const elements of [10, 10_000]) {
      const frame = received(
        encodeRequest('msgpack', { id: 1, cmd: 'test.echo' }, { a: new Float64Array(elements).fill(1) }),
      );
      const before = Buffer.from(frame);
      const [request] = requests(frame);
      const a = (request?.decode({ inPlace: true }) as { a: Float64Array } | undefined)?.a;
      expect(a).to.deep.equal(new Float64Array(elements).fill(1));
      expect(a?.buffer).to.not.equal(frame.buffer);
      expect(frame.equals(before)).to.equal(true);
    }
  });

  it('spend the message: nobody reads it twice', () => {
    const [request] = requests(
      received(encodeRequest('msgpack', { id: 1, cmd: 'test.echo' }, { a: new Float64Array(2_000) })),
    );
    request?.decode({ inPlace: true });
    expect(() => request?.decode()).to.throw('decoded in place');
    expect(() => request?.encoded()).to.throw('decoded in place');
  });
});

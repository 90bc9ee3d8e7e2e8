import { expect } from 'chai';
import fc from 'fast-check';
import { ServiceError } from '#conclave/runtime/index.js';
import {
  CODEC_NAMES,
  type CodecName,
  decodeBody,
  encodeBody,
  encodeRequest,
  joinBatch,
  readEvent,
  readMessage,
  readReplies,
} from '#conclave/service-framework/index.js';
import { plainValue } from './plain-value.js';

/** Runs `action`; whatever it throws must be INVALID_ARGUMENT. */
function typedOrFine(action: () => unknown): void {
  try {
    action();
  } catch (error) {
    expect(error).to.be.instanceOf(ServiceError);
    expect((error as ServiceError).code).to.equal('INVALID_ARGUMENT');
  }
}

/** Everything that ever reads a stranger's bytes. */
function readEverything(frame: Uint8Array): void {
  const message = readMessage(frame);
  if (!('dropped' in message))
    for (const item of message.items) if (item.kind === 'request') typedOrFine(() => item.decode());
  for (const reply of readReplies(frame).replies) {
    typedOrFine(() => reply.decode());
    typedOrFine(() => reply.error());
  }
  typedOrFine(() => readEvent(frame).decode());
  for (const codec of CODEC_NAMES) {
    typedOrFine(() => decodeBody(codec, frame));
    typedOrFine(() => decodeBody(codec, frame, { allowNonFinite: true }));
  }
}

const request = fc
  .tuple(fc.constantFrom<CodecName>(...CODEC_NAMES), plainValue, fc.array(fc.double(), { maxLength: 5 }))
  .map(([codec, value, numbers]) => {
    const close = Float64Array.from(numbers, (number) => (Number.isFinite(number) ? number : 0));
    return encodeRequest(codec, { id: 1, cmd: 'a.b', ttl: 5, key: 'k' }, { value, close });
  });

/** Bytes that begin like MessagePack containers with long counts, where decoders blow up. */
const headers = fc.constantFrom(
  0xdc,
  0xdd,
  0xde,
  0xdf,
  0x91,
  0x81,
  0xc7,
  0xc9,
  0xd9,
  0xdb,
  0xc6,
  0xff,
  0x00,
  0x01,
  0xa1,
  0x61,
);

describe('bytes of strangers', () => {
  it('are read or refused with a type, when random', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), readEverything), { numRuns: 2000 });
  });

  it('are read or refused with a type, when made of container headers', () => {
    const bytes = fc.array(headers, { maxLength: 300 }).map((values) => Uint8Array.from(values));
    fc.assert(fc.property(bytes, readEverything), { numRuns: 2000 });
  });

  it('are read or refused with a type, when random characters of JSON', () => {
    const text = fc.string({ unit: fc.constantFrom(...'{}[]":,\\u0e+-.1tn \n'), maxLength: 80 });
    const framed = fc.tuple(fc.constantFrom('{', '[', '{"v":1,"id":1,"cmd":"a.b","body":', ''), text);
    fc.assert(
      fc.property(framed, ([start, rest]) => readEverything(Buffer.from(start + rest))),
      { numRuns: 3000 },
    );
  });

  it('are read or refused with a type, when a good message was changed in one place', () => {
    fc.assert(
      fc.property(request, fc.nat(), fc.nat({ max: 255 }), (frame, position, value) => {
        const changed = Uint8Array.from(frame);
        changed[position % changed.length] = value;
        readEverything(changed);
      }),
      { numRuns: 2000 },
    );
  });

  it('are never believed when a good message was cut short', () => {
    fc.assert(
      fc.property(request, fc.nat(), (frame, position) => {
        const cut = frame.subarray(0, position % frame.length);
        readEverything(cut);
        const message = readMessage(cut);
        if (!('dropped' in message))
          expect(message.items.map((item) => item.kind)).to.deep.equal(['invalid']);
      }),
      { numRuns: 2000 },
    );
  });

  it('in a batch leave the other requests whole', () => {
    fc.assert(
      fc.property(fc.array(request, { minLength: 1, maxLength: 5 }), (frames) => {
        const codec: CodecName = frames[0]?.[0] === 0x7b ? 'json' : 'msgpack';
        const same = frames.filter((frame) => (frame[0] === 0x7b) === (codec === 'json'));
        const message = readMessage(joinBatch(codec, same));
        if ('dropped' in message) throw new Error(message.dropped);
        expect(message.items.map((item) => item.kind)).to.deep.equal(same.map(() => 'request'));
      }),
      { numRuns: 300 },
    );
  });

  it('are refused before memory is taken for them: a million declared elements, at every level', () => {
    const before = process.memoryUsage().arrayBuffers + process.memoryUsage().heapUsed;
    const levels = Buffer.concat(Array.from({ length: 31 }, () => Uint8Array.of(0xdd, 0, 0x10, 0, 0)));
    for (let i = 0; i < 1000; i++) {
      typedOrFine(() => decodeBody('msgpack', levels));
      readMessage(levels);
    }
    const grown = process.memoryUsage().arrayBuffers + process.memoryUsage().heapUsed - before;
    // 31 arrays of a million slots would be 250 MB each time.
    expect(grown).to.be.below(100 * 1024 * 1024);
  });

  it('of eight million empty maps are refused by their count', () => {
    const maps = new Uint8Array(8 * 1024 * 1024 - 5).fill(0x80);
    const document = Buffer.concat([Uint8Array.of(0xdd), new Uint8Array(4), maps]);
    document.writeUInt32BE(maps.length, 1);
    expect(() => decodeBody('msgpack', document)).to.throw(ServiceError, 'maps, arrays and map entries');
  });

  it('of the whole message limit in numbers are read', () => {
    const column = new Float64Array(1024 * 1024 - 8).fill(1.5);
    expect(decodeBody('msgpack', encodeBody('msgpack', column))).to.have.length(column.length);
  });
});

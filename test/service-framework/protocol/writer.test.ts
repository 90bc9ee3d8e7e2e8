import { decode } from '@msgpack/msgpack';
import { expect } from 'chai';
import fc from 'fast-check';
import { ERROR_CODES, ServiceError } from '#conclave/runtime/index.js';
import {
  CODEC_NAMES,
  type CodecName,
  EncodedBody,
  encodeBody,
  encodeCancel,
  encodeErrorReply,
  encodeEvent,
  encodeReply,
  encodeRequest,
  fromErrorBody,
  type IncomingRequest,
  joinBatch,
  readEvent,
  readMessage,
  readReplies,
  toErrorBody,
} from '#conclave/service-framework/index.js';
import { refusalOf } from '../../support/thrown.js';
import { plainValue } from './plain-value.js';

/** An envelope as a foreign receiver would read it. */
function foreign(codec: CodecName, frame: Uint8Array): unknown {
  if (codec === 'json') return JSON.parse(Buffer.from(frame).toString());
  const envelope = decode(frame) as Record<string, unknown>;
  return envelope['body'] === undefined
    ? envelope
    : { ...envelope, body: decode(envelope['body'] as Uint8Array) };
}

const id = fc.oneof(fc.nat({ max: Number.MAX_SAFE_INTEGER }), fc.string({ minLength: 1, maxLength: 20 }));
const header = fc.record(
  {
    id,
    cmd: fc.constantFrom('service.ping', 'order_flow.predict'),
    ttl: fc.nat(),
    key: fc.string({ minLength: 1, maxLength: 128 }),
    batch: fc.boolean(),
  },
  { requiredKeys: ['id', 'cmd'], noNullPrototype: true },
);

for (const codec of CODEC_NAMES) {
  describe(`envelopes (${codec})`, () => {
    it('say to a foreign reader what they were given', () => {
      fc.assert(
        fc.property(header, fc.option(plainValue, { nil: undefined }), (fields, body) => {
          const written = foreign(codec, encodeRequest(codec, fields, body));
          expect(written).to.deep.equal({ v: 1, ...fields, ...(body === undefined ? {} : { body }) });
        }),
      );
    });

    it('carry bodies of every header size unharmed', () => {
      for (const size of [0, 250, 256, 65_530, 65_536, 200_000]) {
        const message = readMessage(encodeRequest(codec, { id: 1, cmd: 'a.b' }, 'x'.repeat(size)));
        if ('dropped' in message) throw new Error(message.dropped);
        expect((message.items[0] as IncomingRequest).decode()).to.equal('x'.repeat(size));
      }
    });

    it('take a body that was encoded before', () => {
      const body = { a: [1, 2] };
      const before = encodeRequest(codec, { id: 1, cmd: 'a.b' }, new EncodedBody(encodeBody(codec, body)));
      expect(Buffer.from(before).equals(encodeRequest(codec, { id: 1, cmd: 'a.b' }, body))).to.equal(true);
    });

    it('are joined to a batch byte by byte', () => {
      for (const count of [1, 15, 16, 300]) {
        const parts = Array.from({ length: count }, (_, i) => encodeReply(codec, { id: i }, { i }));
        const batch = joinBatch(codec, parts);
        const { replies, dropped } = readReplies(batch);
        expect(dropped).to.deep.equal([]);
        expect(replies.map((reply) => reply.decode())).to.deep.equal(parts.map((_, i) => ({ i })));
        for (const part of parts) expect(Buffer.from(batch).includes(Buffer.from(part))).to.equal(true);
      }
      refusalOf(() => joinBatch(codec, []));
    });

    it('bring replies with time and trace', () => {
      const tp = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
      const [reply] = readReplies(encodeReply(codec, { id: 'x', us: 12, tp }, null)).replies;
      expect(reply).to.include({ id: 'x', ok: true, us: 12, tp });
      expect(reply?.decode()).to.equal(null);
      expect(readReplies(encodeReply(codec, { id: 1 })).replies[0]?.decode()).to.equal(undefined);
    });

    it('bring every error with all it says', () => {
      for (const code of ERROR_CODES) {
        const error = new ServiceError(code, 'why', { field: 'a.b', details: { ref: 'x' }, retryAfterMs: 5 });
        const [reply] = readReplies(encodeErrorReply(codec, { id: 1, us: 3 }, error)).replies;
        expect(reply?.ok).to.equal(false);
        expect({ ...reply?.error(), message: reply?.error().message }).to.deep.equal({
          ...error,
          message: 'why',
        });
      }
    });

    it('bring an error without details that cannot be encoded rather than none', () => {
      const error = new ServiceError('NOT_FOUND', 'gone', { details: { why: () => 'x' } });
      const arrived = readReplies(encodeErrorReply(codec, { id: 1 }, error)).replies[0]?.error();
      expect(arrived).to.include({ code: 'NOT_FOUND', message: 'gone', details: undefined });
    });

    it('bring events, and refuse what is none', () => {
      const event = readEvent(encodeEvent(codec, { epoch: 'e1', seq: 4, timeMs: 1.7e12 }, { symbol: 'X' }));
      expect(event).to.include({ epoch: 'e1', seq: 4, timeMs: 1.7e12 });
      expect(event.decode()).to.deep.equal({ symbol: 'X' });
      const wrong = [
        { epoch: '', seq: 1, timeMs: 1 },
        { epoch: 1, seq: 0, timeMs: 1 },
        { epoch: 1, seq: 1.5, timeMs: 1 },
      ];
      for (const fields of wrong) refusalOf(() => readEvent(encodeEvent(codec, fields)));
      refusalOf(() => readEvent(encodeReply(codec, { id: 1 })));
      refusalOf(() => readEvent(joinBatch(codec, [encodeEvent(codec, { epoch: 1, seq: 1, timeMs: 1 })])));
      refusalOf(() => readEvent(Buffer.from('nonsense')));
    });

    it('are refused by a client when they are no replies', () => {
      for (const frame of [
        encodeCancel(codec, 1),
        encodeRequest(codec, { id: 1, cmd: 'a.b' }),
        Buffer.from('x'),
        Buffer.alloc(0),
      ])
        expect(readReplies(frame))
          .to.deep.include({ replies: [] })
          .and.to.have.property('dropped')
          .with.length(1);
    });
  });
}

describe('error bodies', () => {
  it('leave out what an error does not have', () => {
    expect(
      toErrorBody(new ServiceError('CONFLICT', 'other body', { cause: new Error('secret') })),
    ).to.deep.equal({
      code: 'CONFLICT',
      message: 'other body',
    });
  });

  it('become INTERNAL when their code is unknown or they are none', () => {
    for (const body of [
      null,
      undefined,
      'x',
      [],
      {},
      { code: 'TEAPOT', message: 7 },
      { code: 'constructor', details: [1], field: 3 },
    ])
      expect(fromErrorBody(body))
        .to.be.instanceOf(ServiceError)
        .and.include({ code: 'INTERNAL', field: undefined, details: undefined });
  });
});

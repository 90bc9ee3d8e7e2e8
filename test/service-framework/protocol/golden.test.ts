import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { decode } from '@msgpack/msgpack';
import { expect } from 'chai';
import { ServiceError } from '#conclave/runtime/index.js';
import {
  type CodecName,
  type EventHeader,
  encodeCancel,
  encodeCredit,
  encodeErrorReply,
  encodeEvent,
  encodeReply,
  encodeRequest,
  encodeStreamItem,
  fromErrorBody,
  joinBatch,
  type ReplyHeader,
  type RequestHeader,
  readEvent,
  readMessage,
  readReplies,
  type StreamItemHeader,
  Uint8Column,
} from '#conclave/service-framework/index.js';
import { refusalOf } from '../../support/thrown.js';

type Envelope = Readonly<Record<string, unknown>>;

interface Vector {
  readonly name: string;
  readonly codec: CodecName;
  readonly kind: 'request' | 'cancel' | 'credit' | 'item' | 'reply' | 'event' | 'batch' | 'refused';
  readonly hex?: string;
  readonly text?: string;
  readonly envelope?: Envelope;
  readonly envelopes?: readonly Envelope[];
  readonly body?: unknown;
  readonly columns?: Readonly<Record<string, readonly [string, readonly number[]]>>;
  readonly outcome?: 'dropped' | 'invalid' | 'body';
  readonly field?: string;
}

const COLUMNS: Readonly<Record<string, (elements: readonly number[]) => unknown>> = {
  float64: (elements) => Float64Array.from(elements),
  float32: (elements) => Float32Array.from(elements),
  int32: (elements) => Int32Array.from(elements),
  int64: (elements) => BigInt64Array.from(elements, BigInt),
  uint8: (elements) => new Uint8Column(Uint8Array.from(elements)),
};

/** Tests run compiled; the vectors lie beside their source. */
const file = fileURLToPath(import.meta.url).replace(/([\\/])build([\\/]test[\\/])/, '$2');
const { vectors } = JSON.parse(
  readFileSync(file.replace(/golden\.test\.js$/, 'golden/vectors.json'), 'utf8'),
) as {
  readonly vectors: readonly Vector[];
};

function frameOf({ hex, text }: Vector): Buffer {
  return hex === undefined ? Buffer.from(text ?? '') : Buffer.from(hex, 'hex');
}

/** The payload of a vector as the writer takes it. */
function bodyOf({ columns, body }: Vector): unknown {
  if (!columns) return body;
  const made = Object.entries(columns).map(([name, [type, elements]]) => [name, COLUMNS[type]?.(elements)]);
  return Object.fromEntries(made);
}

/** The payload as a receiver gets it. */
function arrivedBody(vector: Vector): unknown {
  if (!vector.columns || vector.codec === 'msgpack') return bodyOf(vector);
  return Object.fromEntries(Object.entries(vector.columns).map(([name, [, elements]]) => [name, elements]));
}

function write(codec: CodecName, envelope: Envelope, body: unknown): Uint8Array {
  if (envelope['cancel'] === true) return encodeCancel(codec, envelope['id'] as number);
  if (envelope['credit'] !== undefined)
    return encodeCredit(codec, envelope['id'] as number, envelope['credit'] as number);
  if (envelope['more'] === true)
    return encodeStreamItem(codec, envelope as unknown as StreamItemHeader, body);
  if (envelope['cmd'] !== undefined) return encodeRequest(codec, envelope as unknown as RequestHeader, body);
  if (envelope['epoch'] !== undefined) return encodeEvent(codec, envelope as unknown as EventHeader, body);
  const header = envelope as unknown as ReplyHeader;
  return envelope['ok'] === true
    ? encodeReply(codec, header, body)
    : encodeErrorReply(codec, header, fromErrorBody(body));
}

/** What our reader makes of a good frame: its body. */
function read({ kind, codec, envelope }: Vector, frame: Uint8Array): unknown {
  if (kind === 'event') return readEvent(frame).decode();
  if (kind === 'reply' || kind === 'item') {
    const [reply] = readReplies(frame).replies;
    expect(reply?.more).to.equal(kind === 'item');
    expect(reply?.seq).to.equal(envelope?.['seq']);
    return reply?.decode();
  }
  const message = readMessage(frame);
  if ('dropped' in message) throw new Error(message.dropped);
  expect(message.codec).to.equal(codec);
  const [item] = message.items;
  if (item?.kind === 'credit') expect(item.credit).to.equal(envelope?.['credit']);
  if (item?.kind !== 'request') return undefined;
  expect(item.stream).to.equal(envelope?.['stream']);
  return item.decode();
}

/** The frame as a reader that is not ours sees it, bodies left out. */
function foreign(vector: Vector, frame: Uint8Array): unknown {
  const whole: unknown = vector.codec === 'json' ? JSON.parse(Buffer.from(frame).toString()) : decode(frame);
  const bare = ({ body: _body, ...envelope }: Record<string, unknown>): unknown => envelope;
  return Array.isArray(whole) ? whole.map(bare) : bare(whole as Record<string, unknown>);
}

describe('golden vectors of the wire', () => {
  it('cover every kind of message in both codecs', () => {
    for (const codec of ['msgpack', 'json'])
      for (const kind of ['request', 'cancel', 'credit', 'item', 'reply', 'event', 'batch', 'refused'])
        expect(
          vectors.some((vector) => vector.codec === codec && vector.kind === kind),
          `${codec} ${kind}`,
        ).to.equal(true);
  });

  for (const vector of vectors.filter(({ kind }) => kind !== 'refused')) {
    it(`${vector.name} (${vector.codec}) is written so, and read back`, () => {
      const frame = frameOf(vector);
      const { codec, envelope, envelopes } = vector;
      const written = envelope
        ? write(codec, envelope, bodyOf(vector))
        : joinBatch(
            codec,
            (envelopes ?? []).map((each) => write(codec, each, undefined)),
          );
      expect(Buffer.from(written).toString('hex')).to.equal(frame.toString('hex'));
      expect(foreign(vector, frame)).to.deep.equal(envelope ?? envelopes);
      if (envelope) expect(read(vector, frame)).to.deep.equal(arrivedBody(vector));
    });
  }

  for (const vector of vectors.filter(({ kind }) => kind === 'refused')) {
    it(`${vector.name} (${vector.codec}) is refused: ${vector.outcome}`, () => {
      const message = readMessage(frameOf(vector));
      if (vector.outcome === 'dropped') {
        expect(message).to.have.property('dropped');
        return;
      }
      if ('dropped' in message) throw new Error(message.dropped);
      const [item] = message.items;
      if (vector.outcome === 'invalid') {
        expect(item?.kind).to.equal('invalid');
        const error = item?.kind === 'invalid' ? item.error : undefined;
        expect(error).to.be.instanceOf(ServiceError).and.have.property('code', 'INVALID_ARGUMENT');
        if (vector.field !== undefined) expect(error?.field).to.equal(vector.field);
      } else {
        expect(item?.kind).to.equal('request');
        const error = refusalOf(() => (item?.kind === 'request' ? item.decode() : undefined));
        if (vector.field !== undefined) expect(error.field).to.equal(vector.field);
      }
    });
  }
});

import { encode } from '@msgpack/msgpack';
import { expect } from 'chai';
import {
  type CodecName,
  DEFAULT_LIMITS,
  encodeBody,
  encodeCancel,
  encodeRequest,
  type IncomingItem,
  type IncomingRequest,
  joinBatch,
  readMessage,
} from '#conclave/service-framework/index.js';
import { refusalOf } from '../../support/thrown.js';

const TRACE = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

/** An envelope as a foreign client would write it; in MessagePack its body must be bytes already. */
function foreign(codec: CodecName, envelope: unknown): Uint8Array {
  return codec === 'json' ? Buffer.from(JSON.stringify(envelope)) : encode(envelope);
}

function items(frame: Uint8Array, limits = DEFAULT_LIMITS): readonly IncomingItem[] {
  const message = readMessage(frame, limits);
  return 'dropped' in message ? [{ kind: 'dropped', reason: message.dropped }] : message.items;
}

function only(frame: Uint8Array, limits = DEFAULT_LIMITS): IncomingItem {
  const all = items(frame, limits);
  expect(all).to.have.length(1);
  return all[0] as IncomingItem;
}

function request(frame: Uint8Array): IncomingRequest {
  const item = only(frame);
  expect(item.kind).to.equal('request');
  return item as IncomingRequest;
}

/** The field an invalid envelope is answered with. */
function invalidField(frame: Uint8Array, limits = DEFAULT_LIMITS): string | undefined {
  const item = only(frame, limits);
  if (item.kind !== 'invalid') return `not invalid but ${item.kind}`;
  expect(item.error.code).to.equal('INVALID_ARGUMENT');
  return item.error.field;
}

for (const codec of ['msgpack', 'json'] as const) {
  describe(`readMessage (${codec})`, () => {
    const body = codec === 'json' ? { a: 1 } : encodeBody('msgpack', { a: 1 });
    const good = { v: 1, id: 7, cmd: 'service.ping' };

    it('reads every field of a request', () => {
      const whole = { ...good, ttl: 250, key: 'k-1', tp: TRACE, batch: true, body };
      const read = request(foreign(codec, whole));
      expect(read).to.include({
        codec,
        id: 7,
        cmd: 'service.ping',
        ttl: 250,
        key: 'k-1',
        tp: TRACE,
        acceptsBatch: true,
      });
      expect(read.decode()).to.deep.equal({ a: 1 });
      expect(read.bodyBytes).to.be.greaterThan(0);
    });

    it('gives undefined for an absent body and null for an encoded null', () => {
      expect(request(foreign(codec, good)).decode()).to.equal(undefined);
      expect(request(foreign(codec, good)).bodyBytes).to.equal(0);
      const withNull = { ...good, body: codec === 'json' ? null : encodeBody('msgpack', null) };
      expect(request(foreign(codec, withNull)).decode()).to.equal(null);
    });

    it('ignores fields it does not know, whatever they hold', () => {
      const read = request(
        foreign(codec, { valueOf: 1, ...good, later: { deep: [1, { x: 'y' }] }, toString: 'z' }),
      );
      expect(read.cmd).to.equal('service.ping');
    });

    it('accepts ids up to their bounds and drops what has no readable id', () => {
      for (const id of [0, 2 ** 53 - 1, 'a', 'x'.repeat(64)])
        expect(request(foreign(codec, { ...good, id })).id).to.equal(id);
      for (const id of [-1, 1.5, 2 ** 53, '', 'x'.repeat(65), null, true, [1], { a: 1 }, undefined])
        expect(only(foreign(codec, { ...good, id })).kind, `id ${String(id)}`).to.equal('dropped');
    });

    it('answers bad fields by name where the id could be read', () => {
      const wrong: Record<string, unknown[]> = {
        v: [0, 2, '1', null, undefined],
        cmd: [
          undefined,
          null,
          7,
          '',
          'ping',
          'Service.ping',
          'a.b.c',
          '__proto__',
          'then',
          'a.',
          `a.${'b'.repeat(127)}`,
        ],
        ttl: [-1, '5', null, {}],
        key: ['', 'x'.repeat(129), 7, null],
        tp: [7, null],
        batch: [1, 'true', null],
        cancel: [1, 'true', null],
      };
      for (const [field, values] of Object.entries(wrong))
        for (const value of values)
          expect(
            invalidField(foreign(codec, { ...good, [field]: value })),
            `${field}: ${String(value)}`,
          ).to.equal(field);
    });

    it('accepts a command of 128 characters and a key of 128', () => {
      const cmd = `a.${'b'.repeat(126)}`;
      expect(request(foreign(codec, { ...good, cmd, key: 'k'.repeat(128) })).cmd).to.equal(cmd);
    });

    it('starts a trace anew where the given one cannot be read', () => {
      for (const tp of ['', 'nonsense', TRACE.toUpperCase(), `ff${TRACE.slice(2)}`])
        expect(request(foreign(codec, { ...good, tp })).tp, tp).to.equal(undefined);
    });

    it('reads a cancel', () => {
      expect(only(encodeCancel(codec, 'x'))).to.deep.equal({ kind: 'cancel', id: 'x' });
      expect(only(foreign(codec, { ...good, cancel: false })).kind).to.equal('request');
    });

    it('refuses an envelope above its limit, however large its body may be', () => {
      expect(invalidField(foreign(codec, { ...good, filler: 'x'.repeat(4096) }))).to.equal('envelope');
      const large = codec === 'json' ? 'x'.repeat(100_000) : new Uint8Array(100_000);
      expect(request(foreign(codec, { ...good, body: large })).bodyBytes).to.be.greaterThan(99_999);
    });

    it('refuses a repeated field and a forbidden one', () => {
      const twice =
        codec === 'json'
          ? Buffer.from('{"v":1,"id":7,"cmd":"a.b","ttl":1,"ttl":2}')
          : Buffer.concat([
              Uint8Array.of(0x85),
              ...['v', 1, 'id', 7, 'cmd', 'a.b', 'ttl', 1, 'ttl', 2].map((part) => encode(part)),
            ]);
      expect(invalidField(twice)).to.equal('ttl');
      const forbidden =
        codec === 'json'
          ? Buffer.from('{"v":1,"id":7,"__proto__":{},"cmd":"a.b"}')
          : Buffer.concat([
              Uint8Array.of(0x83),
              ...['v', 1, 'id', 7, '__proto__', 1].map((part) => encode(part)),
            ]);
      expect(only(forbidden).kind).to.equal('invalid');
    });

    it('drops a message above the limit, an empty one, and one that is neither codec', () => {
      expect(only(foreign(codec, good), { ...DEFAULT_LIMITS, messageBytes: 10 }).kind).to.equal('dropped');
      for (const frame of [[], [0], [0xc0], [0x20, 0x7b], [0xff], [0xa1, 0x61]])
        expect(only(Uint8Array.from(frame)).kind).to.equal('dropped');
    });

    it('does not believe an envelope with bytes after its end', () => {
      const frame = Buffer.concat([foreign(codec, good), Buffer.from(codec === 'json' ? ' 1' : [0])]);
      expect(only(frame).kind).to.equal('invalid');
    });

    it('calls what is malformed outside the body the envelope', () => {
      const cut = foreign(codec, { ...good, key: 'x'.repeat(30) }).subarray(0, -10);
      expect(invalidField(cut)).to.equal('envelope');
    });

    it('leaves a bad body to whoever decodes it', () => {
      const bomb =
        codec === 'json'
          ? '{"v":1,"id":7,"cmd":"a.b","body":{"__proto__":1}}'
          : encode({ ...good, body: Uint8Array.of(0xdd, 255, 255, 255, 255) });
      const read = request(typeof bomb === 'string' ? Buffer.from(bomb) : bomb);
      refusalOf(() => read.decode());
    });

    it('reads a batch in order; a bad envelope spoils only itself', () => {
      const parts = [
        good,
        7,
        { ...good, id: 8, cmd: 'bad' },
        { ...good, id: undefined },
        [],
        { ...good, id: 9, body },
        { v: 1, id: 9, cancel: true },
      ];
      const message = readMessage(
        joinBatch(
          codec,
          parts.map((part) => foreign(codec, part)),
        ),
      );
      if ('dropped' in message) throw new Error(message.dropped);
      expect(message.batch).to.equal(true);
      expect(message.items.map((item) => item.kind)).to.deep.equal([
        'request',
        'dropped',
        'invalid',
        'dropped',
        'dropped',
        'request',
        'cancel',
      ]);
      expect((message.items[5] as IncomingRequest).decode()).to.deep.equal({ a: 1 });
    });

    it('reads an empty batch, and drops one with too many envelopes', () => {
      expect(items(foreign(codec, []))).to.deep.equal([]);
      const batch = (count: number): Uint8Array =>
        joinBatch(codec, new Array(count).fill(foreign(codec, good)));
      const limits = { ...DEFAULT_LIMITS, batchEnvelopes: 3 };
      expect(items(batch(3), limits)).to.have.length(3);
      expect(only(batch(4), limits).kind).to.equal('dropped');
    });

    it('keeps the whole envelopes of a batch that is cut short', () => {
      const whole = joinBatch(codec, [foreign(codec, good), foreign(codec, { ...good, id: 8 })]);
      const kinds = items(whole.subarray(0, whole.length - 8)).map((item) => item.kind);
      expect(kinds[0]).to.equal('request');
      expect(kinds.slice(1)).not.to.include('request');
    });
  });
}

describe('readMessage', () => {
  it('answers a MessagePack body that is not wrapped in a bin', () => {
    for (const body of [{ a: 1 }, 'text', null, 5])
      expect(invalidField(encode({ v: 1, id: 1, cmd: 'a.b', body }))).to.equal('body');
  });

  it('reads maps and arrays with long headers', () => {
    const envelope = encodeRequest('msgpack', { id: 1, cmd: 'a.b' });
    const long = Buffer.concat([Uint8Array.of(0xde, 0, 3), envelope.subarray(1)]);
    expect(request(long).cmd).to.equal('a.b');
    expect(items(Buffer.concat([Uint8Array.of(0xdd, 0, 0, 0, 1), long]))).to.have.length(1);
    const longest = Buffer.concat([Uint8Array.of(0xdf, 0, 0, 0, 3), envelope.subarray(1)]);
    expect(items(Buffer.concat([Uint8Array.of(0xdc, 0, 1), longest]))).to.have.length(1);
  });

  it('drops bombs of envelopes and batches', () => {
    for (const frame of [
      [0xdd, 255, 255, 255, 255],
      [0xdf, 255, 255, 255, 255],
      [0x81, 0xa1, 0x62, 0xdd, 255, 255, 255, 255],
    ])
      expect(only(Uint8Array.from(frame)).kind).to.equal('dropped');
    expect(only(Buffer.from('['.repeat(100_000))).kind).to.equal('dropped');
    expect(only(Buffer.from(`{"a":${'['.repeat(100_000)}`)).kind).to.equal('dropped');
  });

  it('reads JSON with white space anywhere', () => {
    const text = ' { "v" : 1 ,\n"id":\t"x", "cmd" : "a.b" , "body" : [ 1 , { } ] } ';
    expect(request(Buffer.from(text.trimStart())).decode()).to.deep.equal([1, {}]);
    expect(items(Buffer.from(`[ ${text} , ${text} ] `))).to.have.length(2);
  });

  it('spoils one envelope of a JSON batch for its grammar, and drops what follows a broken batch', () => {
    const good = '{"v":1,"id":2,"cmd":"a.b"}';
    const kinds = (text: string): string[] => items(Buffer.from(text)).map((item) => item.kind);
    expect(kinds(`[{"v":1,"id":1,"cmd":},${good}]`)).to.deep.equal(['invalid', 'request']);
    expect(kinds(`[{"v" 1},${good}]`)).to.deep.equal(['dropped', 'request']);
    expect(kinds(`[${good} ${good}]`)).to.deep.equal(['request', 'dropped']);
    expect(kinds(`[${good}] x`)).to.deep.equal(['request', 'dropped']);
    expect(kinds(`[${good},`)).to.deep.equal(['request', 'dropped']);
  });
});

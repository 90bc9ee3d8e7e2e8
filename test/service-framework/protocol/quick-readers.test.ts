import { expect } from 'chai';
import fc from 'fast-check';
import { ServiceError } from '#conclave/runtime/index.js';
import { readFrame } from '#conclave/service-framework/protocol/frame.js';
import { itemOf } from '#conclave/service-framework/protocol/incoming.js';
import {
  DEFAULT_LIMITS,
  decodeBody,
  encodeBody,
  encodeReply,
  encodeRequest,
  type IncomingItem,
  joinBatch,
  readMessage,
  readReplies,
} from '#conclave/service-framework/protocol/index.js';
import { plainValue } from './plain-value.js';

/** What a reader makes of some bytes: a value, or the message of its error. */
function outcome(read: () => unknown): unknown {
  try {
    return { value: read() };
  } catch (thrown) {
    return { error: (thrown as ServiceError).message };
  }
}

function body(item: IncomingItem | undefined, allowNonFinite: boolean): unknown {
  return outcome(() => (item?.kind === 'request' ? item.decode({ allowNonFinite }) : undefined));
}

function picture(item: IncomingItem | undefined): unknown {
  if (item?.kind === 'request') {
    const { id, cmd, ttl, key, tp, acceptsBatch, bodyBytes } = item;
    return { id, cmd, ttl, key, tp, acceptsBatch, bodyBytes, body: body(item, false) };
  }
  if (item?.kind === 'invalid') return { id: item.id, error: item.error.message };
  return item?.kind === 'dropped' ? 'dropped' : item;
}

function onlyItem(frame: Uint8Array): unknown {
  const read = readMessage(frame);
  return 'dropped' in read ? 'dropped' : picture(read.items[0]);
}

/** The general reader by itself. */
function generalItem(frame: Uint8Array): unknown {
  try {
    const read = readFrame(frame, DEFAULT_LIMITS);
    const [envelope] = read.envelopes;
    if (!envelope || envelope.error) return 'refused';
    return picture(itemOf(envelope.fields, read.codec, read.message, DEFAULT_LIMITS));
  } catch {
    return 'refused';
  }
}

function onlyReply(frame: Uint8Array): unknown {
  const [reply] = readReplies(frame).replies;
  if (!reply) return 'dropped';
  const { id, ok, us, tp, bodyBytes } = reply;
  return { id, ok, us, tp, bodyBytes, body: outcome(() => reply.decode()) };
}

const command = fc.constantFrom('service.ping', 'rl.decide', 'a.b', `long.${'x'.repeat(40)}`);
const request = fc.record({
  id: fc.oneof(fc.maxSafeNat(), fc.nat(300), fc.string({ minLength: 1, maxLength: 8 })),
  cmd: command,
  ttl: fc.option(fc.nat(100_000), { nil: undefined }),
  key: fc.option(fc.string({ minLength: 1, maxLength: 9 }), { nil: undefined }),
  batch: fc.option(fc.boolean(), { nil: undefined }),
});
const change = fc.record({ at: fc.nat(400), to: fc.nat(255) });

function changed(bytes: Uint8Array, changes: readonly { at: number; to: number }[], cut: number): Uint8Array {
  const copy = Buffer.from(bytes);
  for (const { at, to } of changes) if (copy.length > 0) copy[at % copy.length] = to;
  return copy.subarray(0, Math.max(0, copy.length - cut));
}

describe('the quick readers', () => {
  it('read every request as the general reader does', () => {
    fc.assert(
      fc.property(request, fc.option(plainValue, { nil: undefined }), (header, payload) => {
        const frame = encodeRequest('msgpack', header, payload);
        const first = onlyItem(frame);
        expect(first).to.deep.equal(generalItem(frame));
        // The second time its command is known.
        expect(onlyItem(frame)).to.deep.equal(first);
      }),
    );
  });

  it('read every reply as the general reader does', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.nat(), fc.option(plainValue, { nil: undefined }), (id, us, payload) => {
        const frame = encodeReply('msgpack', { id, us }, payload);
        expect(onlyReply(frame)).to.deep.equal(onlyReply(joinBatch('msgpack', [frame])));
      }),
    );
  });

  it('agree with the general reader about damaged requests', () => {
    fc.assert(
      fc.property(
        request,
        fc.option(plainValue, { nil: undefined }),
        fc.array(change, { maxLength: 3 }),
        fc.constantFrom(0, 0, 0, 1, 5),
        (header, payload, changes, cut) => {
          const intact = encodeRequest('msgpack', header, payload);
          onlyItem(intact);
          const frame = changed(intact, changes, cut);
          const general = generalItem(frame);
          if (general === 'refused') expect(onlyItem(frame)).to.not.have.property('body');
          else expect(onlyItem(frame)).to.deep.equal(general);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('agree with the general reader about damaged bodies', () => {
    fc.assert(
      fc.property(
        plainValue,
        fc.array(change, { maxLength: 3 }),
        fc.constantFrom(0, 0, 1, 4),
        fc.boolean(),
        (payload, changes, cut, allowNonFinite) => {
          const bytes = changed(encodeBody('msgpack', payload), changes, cut);
          const frame = encodeRequest('msgpack', { id: 1, cmd: 'a.b' }, undefined);
          const whole = withBody(frame, bytes);
          const message = readMessage(whole);
          const [item] = 'dropped' in message ? [] : message.items;
          expect(body(item, allowNonFinite)).to.deep.equal(
            outcome(() => decodeBody('msgpack', bytes, { allowNonFinite })),
          );
        },
      ),
      { numRuns: 3000 },
    );
  });

  it('find a key that is there twice', () => {
    const twice = Buffer.from([0x82, 0xa1, 0x61, 0x01, 0xa1, 0x61, 0x02]);
    const empty = Buffer.from([0x82, 0xa0, 0x01, 0xa0, 0x02]);
    for (const bytes of [twice, empty]) {
      const message = readMessage(withBody(encodeRequest('msgpack', { id: 1, cmd: 'a.b' }), bytes));
      const [item] = 'dropped' in message ? [] : message.items;
      expect(() => (item?.kind === 'request' ? item.decode() : undefined)).to.throw(ServiceError, /repeated/);
    }
  });
});

/** The envelope, which has no body, with these bytes as its body. */
function withBody(envelope: Uint8Array, bytes: Uint8Array): Uint8Array {
  const head = Buffer.from(envelope);
  head[0] = (head[0] as number) + 1;
  const size = Buffer.from([0xc5, bytes.length >> 8, bytes.length & 0xff]);
  return Buffer.concat([head, Buffer.from([0xa4]), Buffer.from('body'), size, bytes]);
}

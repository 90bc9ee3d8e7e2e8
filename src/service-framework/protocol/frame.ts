import { ServiceError } from '../../runtime/index.js';
import type { CodecName } from './codec.js';
import { EnvelopeFields, type EnvelopeReader } from './envelope-fields.js';
import type { ProtocolLimits } from './limits.js';
import { MessagePackCursor } from './message-pack-cursor.js';
import { JsonEnvelopes } from './read-json.js';
import { MessagePackEnvelopes } from './read-message-pack.js';
import { jsonText } from './scan-json.js';

/** One envelope of a frame; with `error` its fields are only those read before the trouble. */
export interface ReadEnvelope {
  readonly fields: EnvelopeFields;
  readonly error?: ServiceError;
}

/** A frame taken apart. */
export interface ReadFrame {
  readonly codec: CodecName;
  readonly batch: boolean;
  /** What bodies are cut from: the bytes in MessagePack, the text in JSON. */
  readonly message: Uint8Array | string;
  readonly envelopes: readonly ReadEnvelope[];
}

/**
 * Takes a frame apart into envelopes; their bodies are not looked at.
 *
 * @throws ServiceError INVALID_ARGUMENT when no envelope of it can be believed
 */
export function readFrame(frame: Uint8Array, limits: ProtocolLimits): ReadFrame {
  if (frame.length > limits.messageBytes)
    throw refused(`${frame.length} bytes; at most ${limits.messageBytes} are allowed`);
  const first = frame[0];
  if (first === undefined) throw refused('an empty message');
  if (first === 0x7b || first === 0x5b) return readJson(frame, first === 0x5b, limits);
  const isArray = (first >= 0x90 && first < 0xa0) || first === 0xdc || first === 0xdd;
  const isMap = (first >= 0x80 && first < 0x90) || first === 0xde || first === 0xdf;
  if (!isArray && !isMap) throw refused('neither JSON nor MessagePack');
  return readMessagePack(frame, isArray, limits);
}

function readMessagePack(frame: Uint8Array, batch: boolean, limits: ProtocolLimits): ReadFrame {
  const cursor = new MessagePackCursor(frame);
  const reader = new MessagePackEnvelopes(cursor, limits);
  const envelopes: ReadEnvelope[] = [];
  for (let left = batch ? reader.batchCount() : 1; left > 0 && !reader.lost; left--)
    envelopes.push(readOne(reader));
  if (!reader.lost && cursor.at !== cursor.end) spoil(envelopes, batch);
  return { codec: 'msgpack', batch, message: frame, envelopes };
}

function readJson(frame: Uint8Array, batch: boolean, limits: ProtocolLimits): ReadFrame {
  const text = jsonText(frame);
  const reader = new JsonEnvelopes(text, limits);
  const envelopes: ReadEnvelope[] = [];
  if (!batch) envelopes.push(readOne(reader));
  else if (reader.accept('[') && !reader.accept(']')) {
    do {
      if (envelopes.length === limits.batchEnvelopes)
        throw refused(`a batch of more than ${limits.batchEnvelopes}`);
      envelopes.push(readOne(reader));
    } while (!reader.lost && reader.accept(','));
    if (!reader.lost && !reader.accept(']')) reader.lost = spoil(envelopes, batch);
  }
  if (!reader.lost && reader.peek() !== '') spoil(envelopes, batch);
  return { codec: 'json', batch, message: text, envelopes };
}

function readOne(reader: EnvelopeReader): ReadEnvelope {
  const fields = new EnvelopeFields();
  try {
    return reader.read(fields) ? { fields } : { fields, error: NO_MAP };
  } catch (thrown) {
    return { fields, error: ServiceError.from(thrown) };
  }
}

/** What follows the last envelope is nobody's in a batch; a single envelope is not believed with it. */
function spoil(envelopes: ReadEnvelope[], batch: boolean): true {
  const single = batch ? undefined : envelopes.pop();
  envelopes.push({
    fields: single?.fields ?? new EnvelopeFields(),
    error: single?.error ?? refused('bytes after the end of the message'),
  });
  return true;
}

/** Made once: a batch may hold thousands, and an error costs its stack. */
const NO_MAP = refused('an envelope that is no map');

function refused(reason: string): ServiceError {
  return new ServiceError('INVALID_ARGUMENT', reason);
}

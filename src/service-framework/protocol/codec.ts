import { decodeMessagePack } from './decode-message-pack.js';
import { encodeJson } from './encode-json.js';
import { encodeMessagePack } from './encode-message-pack.js';
import { DEFAULT_LIMITS, type ProtocolLimits } from './limits.js';
import { malformed } from './malformed.js';
import { MessagePackWriter } from './message-pack-writer.js';
import { nonFinitePath, notFinite } from './non-finite.js';
import { inspectJson, jsonText } from './scan-json.js';
import { inspectMessagePack } from './scan-message-pack.js';

/** The encodings of the wire. */
export const CODEC_NAMES = ['msgpack', 'json'] as const;
export type CodecName = (typeof CODEC_NAMES)[number];

export interface DecodeOptions {
  readonly limits?: ProtocolLimits;
  /**
   * Lets NaN and infinities pass. For receivers whose own check is finer, field by field: the
   * compiled validators refuse them wherever a field does not ask for them.
   */
  readonly allowNonFinite?: boolean;
  /** Lets columns stay in the memory of the bytes, which are moved for it: they cannot be decoded again. */
  readonly inPlace?: boolean;
}

/**
 * The bytes of a payload. Columns (`Float64Array` …) are extensions in MessagePack and arrays of
 * numbers in JSON.
 *
 * @throws ServiceError INVALID_ARGUMENT naming the field that cannot be encoded
 */
export function encodeBody(codec: CodecName, value: unknown): Uint8Array {
  if (codec === 'json') return Buffer.from(encodeJson(value));
  const writer = new MessagePackWriter();
  encodeMessagePack(writer, value);
  return writer.take();
}

/**
 * The bytes of a payload in canonical form: MessagePack, map keys sorted, undefined fields absent,
 * columns as bytes. Equal values give equal bytes on every machine; for digests.
 */
export function encodeCanonical(value: unknown): Uint8Array {
  const writer = new MessagePackWriter();
  encodeMessagePack(writer, value, { sortKeys: true });
  return writer.take();
}

/**
 * The value of a payload, checked before anything is built from it.
 *
 * @throws ServiceError INVALID_ARGUMENT
 */
export function decodeBody(codec: CodecName, bytes: Uint8Array, options: DecodeOptions = {}): unknown {
  if (codec === 'json') return decodeJson(jsonText(bytes), options);
  const asksFinite = options.allowNonFinite !== true;
  const seen = inspectMessagePack(bytes, options.limits ?? DEFAULT_LIMITS, asksFinite);
  const value = decodeMessagePack(bytes, seen.columnRoom, options.inPlace);
  return seen.isFinite ? value : refuseNonFinite(value);
}

/** As `decodeBody`, from JSON text. */
export function decodeJson(text: string, options: DecodeOptions = {}): unknown {
  const limits = options.limits ?? DEFAULT_LIMITS;
  if (text.length > limits.messageBytes)
    throw malformed(`${text.length} characters; at most ${limits.messageBytes} are allowed`, 0);
  const finite = inspectJson(text, limits) || options.allowNonFinite === true;
  const value = parseJson(text);
  return finite ? value : refuseNonFinite(value);
}

/** `JSON.parse` with a typed error. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw malformed('no valid JSON', 0);
  }
}

/** Looked for in the value rather than in the bytes, because there it has a path. */
function refuseNonFinite(value: unknown): never {
  throw notFinite(nonFinitePath(value) ?? '');
}

import { invalidArgument } from '../../runtime/index.js';

/** ZeroMQ RFC 32: five characters stand for four bytes, big-endian, base 85. */
const ALPHABET = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#';
const VALUES = new Map([...ALPHABET].map((character, value) => [character, value]));
/** Characters of a key of 32 bytes. */
const KEY_CHARACTERS = 40;
const BASE = 85;
const LARGEST_WORD = 0xff_ff_ff_ff;

/** Whether a text is a Z85 key: 40 characters that stand for 32 bytes. */
export function isZ85Key(text: unknown): text is string {
  return typeof text === 'string' && text.length === KEY_CHARACTERS && decode(text) !== undefined;
}

/** @throws ServiceError INVALID_ARGUMENT that does not repeat what was given: it may be a secret */
export function checkZ85Key(text: unknown, field: string): string {
  if (isZ85Key(text)) return text;
  const shown = typeof text === 'string' ? `${text.length} characters` : typeof text;
  throw invalidArgument(field, undefined, `a Z85 key of ${KEY_CHARACTERS} characters (given: ${shown})`);
}

/** The 32 bytes of a key. @throws ServiceError INVALID_ARGUMENT */
export function decodeZ85Key(text: string, field = 'key'): Buffer {
  return decode(checkZ85Key(text, field)) ?? Buffer.alloc(0);
}

/** @param bytes a multiple of four */
export function encodeZ85(bytes: Uint8Array): string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let text = '';
  for (let at = 0; at + 4 <= bytes.byteLength; at += 4) {
    let word = view.getUint32(at);
    let group = '';
    for (let i = 0; i < 5; i++) {
      group = ALPHABET[word % BASE] + group;
      word = Math.floor(word / BASE);
    }
    text += group;
  }
  return text;
}

function decode(text: string): Buffer | undefined {
  const bytes = Buffer.alloc((text.length / 5) * 4);
  for (let at = 0, to = 0; at < text.length; at += 5, to += 4) {
    let word = 0;
    for (const character of text.slice(at, at + 5)) {
      const value = VALUES.get(character);
      if (value === undefined) return undefined;
      word = word * BASE + value;
    }
    if (word > LARGEST_WORD) return undefined;
    bytes.writeUInt32BE(word, to);
  }
  return bytes;
}

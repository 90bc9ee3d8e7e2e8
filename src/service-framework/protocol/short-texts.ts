const SLOTS = 512;
const LONGEST = 32;

/**
 * Remembers short ASCII texts, because the same few field names, commands and symbols arrive in every
 * message and a call into the UTF-8 decoder costs more than comparing them. A fixed number of
 * slots, each overwritten by the next text that falls on it: strangers cannot make it grow.
 */
export class ShortTexts {
  readonly #texts: (string | undefined)[] = new Array<string | undefined>(SLOTS).fill(undefined);
  /** The bytes of each text, because a byte is read sooner than a character; of what is not plain ASCII there are none. */
  readonly #bytes = new Uint8Array(SLOTS * LONGEST);
  readonly #lengths = new Uint8Array(SLOTS);

  /** The text of `buffer[start..end)`, which must be valid UTF-8. */
  read(buffer: Buffer, start: number, end: number): string {
    const known = this.recall(buffer, start, end);
    if (known !== undefined) return known;
    const text = buffer.toString('utf8', start, end);
    // With other than ASCII characters it has fewer of them than bytes.
    if (text.length === end - start) this.remember(text, buffer, start, end);
    return text;
  }

  /** The text of `buffer[start..end)` if it is remembered: then it is valid, and plain ASCII. */
  recall(buffer: Buffer, start: number, end: number): string | undefined {
    const length = end - start;
    if (length > LONGEST) return undefined;
    const slot = slotOf(buffer, start, length);
    if (this.#lengths[slot] !== length) return undefined;
    const bytes = this.#bytes;
    const at = slot * LONGEST;
    for (let i = 0; i < length; i++) if (bytes[at + i] !== buffer[start + i]) return undefined;
    return this.#texts[slot];
  }

  /** Remembers a text that `buffer[start..end)` was found to hold, in ASCII. */
  remember(text: string, buffer: Buffer, start: number, end: number): void {
    const length = end - start;
    if (length > LONGEST) return;
    const slot = slotOf(buffer, start, length);
    this.#texts[slot] = asKey(text);
    this.#lengths[slot] = length;
    for (let i = 0; i < length; i++) this.#bytes[slot * LONGEST + i] = buffer[start + i] as number;
  }
}

/** The same text as V8 keeps it for keys of objects: it need not look there again when it is used as one. */
function asKey(text: string): string {
  return Object.keys({ [text]: 0 })[0] as string;
}

/** By its length, its middle and its ends, where names, symbols and numbered ids differ. */
function slotOf(buffer: Buffer, start: number, length: number): number {
  if (length === 0) return 0;
  const last = start + length - 1;
  if (length < 3) return ((buffer[start] as number) * 31 + (buffer[last] as number)) & (SLOTS - 1);
  let hash = Math.imul(length, 31) + (buffer[start] as number);
  hash = Math.imul(hash, 31) + (buffer[start + 1] as number);
  hash = Math.imul(hash, 31) + (buffer[start + (length >> 1)] as number);
  hash = Math.imul(hash, 31) + (buffer[last - 1] as number);
  hash = Math.imul(hash, 31) + (buffer[last] as number);
  return (hash ^ (hash >>> 9)) & (SLOTS - 1);
}

const SLOTS = 512;
const LONGEST = 32;

/**
 * Remembers short ASCII texts, because the same few field names, commands and symbols arrive in every
 * message and a call into the UTF-8 decoder costs more than comparing them. A fixed number of
 * slots, each overwritten by the next text that falls on it: strangers cannot make it grow.
 */
export class ShortTexts {
  readonly #texts: (string | undefined)[] = new Array<string | undefined>(SLOTS).fill(undefined);

  /** The text of `buffer[start..end)`, which must be valid UTF-8. */
  read(buffer: Buffer, start: number, end: number): string {
    const length = end - start;
    if (length > LONGEST) return buffer.toString('utf8', start, end);
    let hash = length;
    for (let i = start; i < end; i++) hash = (Math.imul(hash, 31) + (buffer[i] as number)) | 0;
    const slot = (hash ^ (hash >>> 9)) & (SLOTS - 1);
    const known = this.#texts[slot];
    if (known !== undefined && matches(known, buffer, start, length)) return known;
    const text = buffer.toString('utf8', start, end);
    this.#texts[slot] = text;
    return text;
  }
}

/** A text with other than ASCII characters never matches: it has fewer characters than bytes. */
function matches(text: string, buffer: Buffer, start: number, length: number): boolean {
  if (text.length !== length) return false;
  for (let i = 0; i < length; i++) if (text.charCodeAt(i) !== buffer[start + i]) return false;
  return true;
}

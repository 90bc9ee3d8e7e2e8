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
    if (end - start > LONGEST) return buffer.toString('utf8', start, end);
    const slot = slotOf(buffer, start, end);
    const known = this.#texts[slot];
    if (known !== undefined && matches(known, buffer, start, end - start)) return known;
    const text = buffer.toString('utf8', start, end);
    this.#texts[slot] = text;
    return text;
  }

  /** The text of `buffer[start..end)` if it is remembered: then it is valid, and plain ASCII. */
  recall(buffer: Buffer, start: number, end: number): string | undefined {
    if (end - start > LONGEST) return undefined;
    const known = this.#texts[slotOf(buffer, start, end)];
    return known !== undefined && matches(known, buffer, start, end - start) ? known : undefined;
  }

  /** Remembers a text that `buffer[start..end)` was found to hold. */
  remember(text: string, buffer: Buffer, start: number, end: number): void {
    if (end - start <= LONGEST) this.#texts[slotOf(buffer, start, end)] = text;
  }
}

function slotOf(buffer: Buffer, start: number, end: number): number {
  let hash = end - start;
  for (let i = start; i < end; i++) hash = (Math.imul(hash, 31) + (buffer[i] as number)) | 0;
  return (hash ^ (hash >>> 9)) & (SLOTS - 1);
}

/** A text with other than ASCII characters never matches: it has fewer characters than bytes. */
function matches(text: string, buffer: Buffer, start: number, length: number): boolean {
  if (text.length !== length) return false;
  for (let i = 0; i < length; i++) if (text.charCodeAt(i) !== buffer[start + i]) return false;
  return true;
}

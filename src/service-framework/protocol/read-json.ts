import { parseJson } from './codec.js';
import { type EnvelopeFields, type EnvelopeReader, NOT_PLAIN } from './envelope-fields.js';
import { isForbiddenKey } from './forbidden-keys.js';
import type { ProtocolLimits } from './limits.js';
import { malformed } from './malformed.js';
import { closingQuote, isBlank, unescapedKey } from './scan-json.js';

/** Reads the JSON envelopes of one frame; bodies are stepped over by counting brackets, not parsed. */
export class JsonEnvelopes implements EnvelopeReader {
  at = 0;
  lost = false;

  constructor(
    private readonly text: string,
    private readonly limits: ProtocolLimits,
  ) {}

  /** The next character that is no white space, or '' at the end. */
  peek(): string {
    const { text } = this;
    while (this.at < text.length && isBlank(text.charCodeAt(this.at))) this.at++;
    return text.charAt(this.at);
  }

  /** Steps over `character` if it comes next. */
  accept(character: string): boolean {
    if (this.peek() !== character) return false;
    this.at++;
    return true;
  }

  read(fields: EnvelopeFields): boolean {
    const isMap = this.peek() === '{';
    const start = this.at;
    this.lost = true;
    try {
      if (isMap) this.#members(fields);
      else this.skip();
    } catch (error) {
      // Where the envelope ends is told by its brackets, whatever is wrong inside.
      this.at = start;
      this.skip();
      this.lost = false;
      throw error;
    }
    this.lost = false;
    fields.headerBytes = this.at - start - (fields.bodyEnd - fields.bodyStart);
    return isMap;
  }

  /** Steps over one value. Only brackets and quotes are looked at. */
  skip(): void {
    const { text } = this;
    const start = this.at;
    let depth = 0;
    for (let i = start; i < text.length; i++) {
      const character = text.charCodeAt(i);
      if (character === 0x22) i = closingQuote(text, i);
      else if (character === 0x7b || character === 0x5b) depth++;
      else if (character === 0x7d || character === 0x5d) depth--;
      else if (depth > 0 || !isScalarEnd(text, i + 1)) continue;
      if (depth > 0) continue;
      if (depth < 0) break;
      this.at = i + 1;
      return;
    }
    throw malformed('truncated', text.length);
  }

  #members(fields: EnvelopeFields): void {
    this.#expect('{');
    if (this.accept('}')) return;
    do {
      const name = this.#name();
      this.#expect(':');
      this.peek();
      const start = this.at;
      this.skip();
      if (name !== 'body') fields.set(name, this.#plain(start));
      else if (fields.bodyStart >= 0) throw malformed('a repeated field body', start);
      else {
        fields.bodyStart = start;
        fields.bodyEnd = this.at;
      }
    } while (this.accept(','));
    this.#expect('}');
  }

  #expect(character: string): void {
    if (!this.accept(character)) throw malformed('no valid JSON', this.at);
  }

  #name(): string {
    if (this.peek() !== '"') throw malformed('no valid JSON', this.at);
    const start = this.at;
    const end = closingQuote(this.text, start);
    this.at = end + 1;
    const name = unescapedKey(this.text, start, end);
    if (isForbiddenKey(name)) throw malformed('a forbidden key', start);
    return name;
  }

  #plain(start: number): unknown {
    const first = this.text.charAt(start);
    if (first === '{' || first === '[' || this.at - start > this.limits.envelopeBytes) return NOT_PLAIN;
    return parseJson(this.text.slice(start, this.at));
  }
}

/** Whether a number or literal cannot go on at `at`. */
function isScalarEnd(text: string, at: number): boolean {
  if (at >= text.length) return true;
  const code = text.charCodeAt(at);
  return code === 0x2c || code === 0x3a || code === 0x7d || code === 0x5d || isBlank(code);
}

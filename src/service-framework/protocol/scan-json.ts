import { isForbiddenKey } from './forbidden-keys.js';
import { DEFAULT_LIMITS, type ProtocolLimits } from './limits.js';
import { malformed } from './malformed.js';
import { notFinite } from './non-finite.js';
import type { ScanOptions } from './scan-message-pack.js';

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_MAP = 0x7b;
const CLOSE_MAP = 0x7d;
const MINUS = 0x2d;

/** Integers of this many digits are finite without looking. */
const SURELY_FINITE = 20;

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The text of JSON bytes. @throws ServiceError INVALID_ARGUMENT when they are no UTF-8 */
export function jsonText(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch {
    throw malformed('invalid UTF-8', 0);
  }
}

/** JSON's four kinds of white space. */
export function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}

/** Index of the quote that closes the string opened at `at`. @throws ServiceError when there is none */
export function closingQuote(text: string, at: number): number {
  for (let i = at + 1; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === QUOTE) return i;
    if (code === BACKSLASH) i++;
  }
  throw malformed('truncated', text.length);
}

/**
 * Walks a JSON document without building anything from it and refuses depth, long strings, forbidden
 * or repeated keys, numbers beyond float64 and unbalanced brackets. What remains of the grammar is
 * left to `JSON.parse`.
 *
 * @throws ServiceError INVALID_ARGUMENT
 */
export function scanJson(
  document: string | Uint8Array,
  limits: ProtocolLimits = DEFAULT_LIMITS,
  options: ScanOptions = {},
): void {
  if (document.length > limits.messageBytes)
    throw malformed(`${document.length} bytes; at most ${limits.messageBytes} are allowed`, 0);
  const text = typeof document === 'string' ? document : jsonText(document);
  if (!inspectJson(text, limits) && options.allowNonFinite !== true) throw notFinite('');
}

/** As `scanJson`, but tells whether all numbers are finite instead of throwing. */
export function inspectJson(text: string, limits: ProtocolLimits): boolean {
  const scan = new JsonScan(text, limits);
  scan.run();
  return scan.isFinite;
}

class JsonScan {
  isFinite = true;
  #at = 0;
  #structures = 0;
  /** Keys of each open map; undefined for an open array. */
  readonly #open: (Set<string> | undefined)[] = [];

  constructor(
    private readonly text: string,
    private readonly limits: ProtocolLimits,
  ) {}

  run(): void {
    const { text } = this;
    let expectKey = false;
    for (; this.#at < text.length; this.#at++) {
      const code = text.charCodeAt(this.#at);
      switch (code) {
        case QUOTE:
          this.#text(expectKey);
          expectKey = false;
          break;
        case OPEN_MAP:
          this.#enter(new Set());
          expectKey = true;
          break;
        case OPEN_ARRAY:
          this.#enter(undefined);
          expectKey = false;
          break;
        case CLOSE_MAP:
        case CLOSE_ARRAY:
          this.#leave(code);
          expectKey = false;
          break;
        case COMMA:
          expectKey = this.#open.at(-1) !== undefined;
          break;
        case COLON:
          break;
        default:
          if (code === MINUS || (code >= 0x30 && code <= 0x39)) this.#number();
      }
    }
    if (this.#open.length > 0) throw malformed('truncated', text.length);
  }

  #enter(keys: Set<string> | undefined): void {
    this.#open.push(keys);
    if (this.#open.length > this.limits.depth)
      throw malformed(`nested deeper than ${this.limits.depth}`, this.#at);
    this.#countStructure();
  }

  #leave(code: number): void {
    if (this.#open.length === 0) throw malformed('unbalanced brackets', this.#at);
    const isMap = this.#open.pop() !== undefined;
    if (isMap !== (code === CLOSE_MAP)) throw malformed('unbalanced brackets', this.#at);
  }

  #countStructure(): void {
    if (++this.#structures > this.limits.structures)
      throw malformed(`more than ${this.limits.structures} maps, arrays and map entries`, this.#at);
  }

  #text(isKey: boolean): void {
    const start = this.#at;
    const end = closingQuote(this.text, start);
    if (end - start - 1 > this.limits.stringBytes)
      throw malformed(`a string longer than ${this.limits.stringBytes} bytes`, start);
    this.#at = end;
    if (!isKey) return;
    const key = unescapedKey(this.text, start, end);
    if (isForbiddenKey(key)) throw malformed('a forbidden key', start);
    this.#countStructure();
    const keys = this.#open.at(-1) as Set<string>;
    if (keys.has(key)) throw malformed('a repeated key', start);
    keys.add(key);
  }

  #number(): void {
    const { text } = this;
    const start = this.#at;
    let exponent = false;
    let i = start + 1;
    for (; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code >= 0x30 && code <= 0x39) continue;
      if (code === 0x65 || code === 0x45) exponent = true;
      else if (code !== 0x2e && code !== 0x2b && code !== MINUS) break;
    }
    this.#at = i - 1;
    if (!exponent && i - start < SURELY_FINITE) return;
    // A malformed number is NaN here and is left to JSON.parse to refuse.
    if (Math.abs(Number(text.slice(start, i))) === Number.POSITIVE_INFINITY) this.isFinite = false;
  }
}

/** The key between two quotes: an escape may spell a forbidden one. */
export function unescapedKey(text: string, start: number, end: number): string {
  const written = text.slice(start + 1, end);
  if (!written.includes('\\')) return written;
  try {
    return JSON.parse(text.slice(start, end + 1)) as string;
  } catch {
    throw malformed('an illegal escape', start);
  }
}

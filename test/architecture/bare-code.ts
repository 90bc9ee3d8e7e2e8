/** After these a slash begins a regular expression; after a name, number or bracket it divides. */
const BEFORE_PATTERN =
  /(?:^|[=(,:;!&|?{}[+\-*%<>~^]|\b(?:return|typeof|case|in|of|await|yield|void|delete))\s*$/;

/**
 * TypeScript code with everything blanked that is not code: comments, and what stands within strings,
 * templates (but not within their `${…}`) and regular expressions. Length and line ends stay, so that
 * offsets still fit. TypeScript 7 offers no parser to JavaScript; for what these rules ask this is enough.
 */
export function bareCode(text: string): string {
  return new Blanker(text).blank();
}

class Blanker {
  readonly #text: string;
  readonly #out: string[];
  #at = 0;

  constructor(text: string) {
    this.#text = text;
    this.#out = text.split('');
  }

  blank(): string {
    this.#code(false);
    return this.#out.join('');
  }

  /** Code up to the end, or up to the brace that closes a template's expression. */
  #code(inTemplate: boolean): void {
    let depth = 0;
    while (this.#at < this.#text.length) {
      const char = this.#text[this.#at];
      const pair = this.#text.slice(this.#at, this.#at + 2);
      if (pair === '//') this.#skipTo(this.#text.indexOf('\n', this.#at));
      else if (pair === '/*') this.#skipTo(this.#text.indexOf('*/', this.#at + 2), 2);
      else if (char === '"' || char === "'") this.#string(char);
      else if (char === '`') this.#template();
      else if (char === '/' && this.#startsPattern()) this.#pattern();
      else if (inTemplate && char === '}' && depth === 0) return;
      else {
        if (char === '{') depth++;
        if (char === '}') depth--;
        this.#at++;
      }
    }
  }

  #startsPattern(): boolean {
    const before = this.#out.slice(Math.max(0, this.#at - 40), this.#at).join('');
    return BEFORE_PATTERN.test(before);
  }

  #string(quote: string): void {
    this.#at++;
    while (this.#at < this.#text.length && this.#text[this.#at] !== quote && this.#text[this.#at] !== '\n')
      this.#drop(this.#text[this.#at] === '\\' ? 2 : 1);
    this.#at++;
  }

  #template(): void {
    this.#at++;
    while (this.#at < this.#text.length && this.#text[this.#at] !== '`') {
      if (this.#text.startsWith('${', this.#at)) {
        this.#at += 2;
        this.#code(true);
        this.#at++;
      } else this.#drop(this.#text[this.#at] === '\\' ? 2 : 1);
    }
    this.#at++;
  }

  #pattern(): void {
    this.#at++;
    let inClass = false;
    while (this.#at < this.#text.length && this.#text[this.#at] !== '\n') {
      const char = this.#text[this.#at];
      if (char === '/' && !inClass) break;
      if (char === '[') inClass = true;
      if (char === ']') inClass = false;
      this.#drop(char === '\\' ? 2 : 1);
    }
    this.#at++;
  }

  #skipTo(end: number, length = 0): void {
    const stop = end < 0 ? this.#text.length : end + length;
    this.#drop(stop - this.#at);
  }

  #drop(count: number): void {
    const stop = Math.min(this.#text.length, this.#at + count);
    for (; this.#at < stop; this.#at++) if (this.#text[this.#at] !== '\n') this.#out[this.#at] = ' ';
  }
}

const WIDTH = 30;

/** A bar on stderr while something long runs; nothing at all where nobody watches. */
export class Progress {
  readonly #label: string;
  readonly #shown: boolean;
  #last = '';

  constructor(label: string, stream: { readonly isTTY?: boolean } = process.stderr) {
    this.#label = label;
    this.#shown = stream.isTTY === true;
  }

  /** @param total 0 where it is not known */
  update(done: number, total: number): void {
    if (!this.#shown) return;
    const share = total > 0 ? Math.min(1, done / total) : 0;
    const filled = Math.round(share * WIDTH);
    const bar =
      total > 0 ? ` [${'='.repeat(filled)}${' '.repeat(WIDTH - filled)}] ${Math.floor(share * 100)} %` : '';
    const line = `\r${this.#label}${bar} ${done}${total > 0 ? `/${total}` : ''}`;
    if (line === this.#last) return;
    this.#last = line;
    process.stderr.write(line);
  }

  /** Wipes the bar. */
  end(): void {
    if (this.#shown && this.#last !== '') process.stderr.write('\r\x1b[K');
  }
}

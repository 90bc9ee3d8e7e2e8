/** Longest topic a host publishes, in characters: a longer prefix matches none. */
export const MAX_TOPIC_CHARACTERS = 256;

/** The topic prefixes that anyone subscribes to; asking costs the same however many there are. */
export class Subscriptions {
  readonly #byLength = new Map<number, Set<string>>();
  #size = 0;
  #bytes = 0;

  get size(): number {
    return this.#size;
  }

  /** Of all of them, in UTF-8. */
  get bytes(): number {
    return this.#bytes;
  }

  add(prefix: string): void {
    const same = this.#byLength.get(prefix.length) ?? new Set();
    if (same.has(prefix)) return;
    this.#byLength.set(prefix.length, same.add(prefix));
    this.#size++;
    this.#bytes += Buffer.byteLength(prefix);
  }

  delete(prefix: string): void {
    const same = this.#byLength.get(prefix.length);
    if (!same?.delete(prefix)) return;
    this.#size--;
    this.#bytes -= Buffer.byteLength(prefix);
    if (same.size === 0) this.#byLength.delete(prefix.length);
  }

  /** Whether any of them begins the topic. */
  match(topic: string): boolean {
    for (const [length, prefixes] of this.#byLength)
      if (length <= MAX_TOPIC_CHARACTERS && length <= topic.length && prefixes.has(topic.slice(0, length)))
        return true;
    return false;
  }
}

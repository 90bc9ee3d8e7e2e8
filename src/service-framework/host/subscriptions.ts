/** Longest topic a host publishes, in characters: a longer prefix matches none. */
const LONGEST_PREFIX = 256;

/** The topic prefixes that anyone subscribes to; asking costs the same however many there are. */
export class Subscriptions {
  readonly #byLength = new Map<number, Set<string>>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  add(prefix: string): void {
    const same = this.#byLength.get(prefix.length) ?? new Set();
    if (same.has(prefix)) return;
    this.#byLength.set(prefix.length, same.add(prefix));
    this.#size++;
  }

  delete(prefix: string): void {
    const same = this.#byLength.get(prefix.length);
    if (!same?.delete(prefix)) return;
    this.#size--;
    if (same.size === 0) this.#byLength.delete(prefix.length);
  }

  /** Whether any of them begins the topic. */
  match(topic: string): boolean {
    for (const [length, prefixes] of this.#byLength)
      if (length <= LONGEST_PREFIX && length <= topic.length && prefixes.has(topic.slice(0, length)))
        return true;
    return false;
  }
}

/** Log2 of the smallest and largest pieces that are kept. */
const SMALLEST = 12;
const LARGEST = 20;
/** Bytes kept for later, at most: 64 requests of 20 kB in flight use what they leave behind. */
const MOST_KEPT = 4 * 1024 * 1024;

/**
 * Memory for the large requests of one connection, used again. New memory of that size is not in the
 * processor's caches, and V8 counts it and collects garbage for it: both cost more than encoding.
 *
 * A socket reads a message's memory until its last byte has been written to the connection. That moment is not
 * told; but a host answers what it has received whole. So a piece may be given back when the reply to its
 * request has come over the connection that the request went out on, and never otherwise: not when the caller
 * stops waiting, and not when the connection is lost. The pieces of one connection are not lent to another: a
 * host that answers before it has read everything spoils nothing but what it is sent itself.
 */
export class RequestMemory {
  /** What is free, by log2 of its size. */
  readonly #free: Buffer[][] = Array.from({ length: LARGEST + 1 }, () => []);
  #kept = 0;
  #last: Buffer | undefined;

  /** Bytes kept for later. */
  get keptBytes(): number {
    return this.#kept;
  }

  /** A piece of at least that many bytes, with anything in it. */
  readonly take = (bytes: number): Buffer => {
    const size = sizeClass(bytes);
    if (size > LARGEST) return Buffer.allocUnsafeSlow(bytes);
    const free = this.#free[size]?.pop();
    if (free) this.#kept -= free.length;
    this.#last = free ?? Buffer.allocUnsafeSlow(2 ** size);
    return this.#last;
  };

  /** The piece that was taken last, if a message lies in it: to be given back one day. */
  lent(message: Uint8Array): Buffer | undefined {
    const last = this.#last;
    if (last === undefined) return undefined;
    this.#last = undefined;
    return message.buffer === last.buffer ? last : undefined;
  }

  /** Nobody reads or writes it any more. @param piece as `lent()` returned it */
  giveBack(piece: Buffer): void {
    if (this.#kept + piece.length > MOST_KEPT) return;
    this.#kept += piece.length;
    this.#free[sizeClass(piece.length)]?.push(piece);
  }

  /** Keeps nothing any more. */
  clear(): void {
    for (const free of this.#free) free.length = 0;
    this.#kept = 0;
  }
}

/** Log2 of the size that a piece of so many bytes is cut from. */
function sizeClass(bytes: number): number {
  return Math.max(SMALLEST, 32 - Math.clz32(bytes - 1));
}

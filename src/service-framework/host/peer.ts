import type { ServiceError } from '../../runtime/index.js';
import type { CodecName } from '../protocol/index.js';
import type { Caller, PendingRequest } from '../transport/index.js';

/** A reply envelope, encoded, on its way to a peer. */
export interface QueuedReply {
  readonly codec: CodecName;
  readonly bytes: Uint8Array;
  /** The request came behind an empty frame (a REQ socket); the reply must too. */
  readonly delimited: boolean;
}

/**
 * Streams stop above this much, bytes: enough to keep a link busy, and far below what cuts a slow reader off, so that
 * a stream as such never is the reason.
 */
const CONGESTED_BYTES = 1024 * 1024;

/** What the host knows about one connected client. */
export class Peer implements Caller {
  /** Requests without an answer, by correlation id. */
  readonly calls = new Map<number | string, PendingRequest>();
  heldBytes = 0;
  /** It has sent a batch, or said that it takes them. */
  acceptsBatch = false;
  /** How many of its replies are with the socket, which has not said yet whether it takes them. */
  offered = 0;
  /** What its writer does when the socket has said so, made once. */
  told:
    | { readonly accepted: () => void; readonly refused: (error: NodeJS.ErrnoException) => void }
    | undefined;
  /** Its writer has it among those with something to send. */
  ready = false;
  /** On the monotonic clock; undefined while its socket takes messages. */
  blockedSinceMs: number | undefined;
  /** On the monotonic clock: until then nothing is heard from it. */
  deafUntilMs: number | undefined;
  #replies: QueuedReply[] = [];
  #head = 0;
  #waitingBytes = 0;
  /** Senders that hold back until less waits. */
  #heldBack: (() => void)[] = [];

  constructor(
    readonly routingId: Buffer,
    readonly name: string,
  ) {}

  get waiting(): number {
    return this.#replies.length - this.#head;
  }

  get waitingBytes(): number {
    return this.#waitingBytes;
  }

  /** So much waits for it that whoever can should send no more for now. */
  get congested(): boolean {
    return this.#waitingBytes > CONGESTED_BYTES;
  }

  /** Calls `go` once, when the peer is no longer congested. */
  onRelief(go: () => void): void {
    this.#heldBack.push(go);
  }

  /** Nothing would be lost if it were forgotten. */
  get idle(): boolean {
    return this.calls.size === 0 && this.waiting === 0 && this.deafUntilMs === undefined;
  }

  push(reply: QueuedReply): void {
    this.#replies.push(reply);
    this.#waitingBytes += reply.bytes.byteLength;
  }

  /**
   * The replies that make the next message: one, or as many in a row of one codec as the bounds allow
   * when the peer takes batches. They stay queued until {@link drop}.
   */
  next(maxBytes: number, maxReplies: number): readonly QueuedReply[] {
    const first = this.#replies[this.#head];
    if (!first) return [];
    if (!this.acceptsBatch || first.delimited || this.waiting === 1) return [first];
    let end = this.#head + 1;
    let bytes = first.bytes.byteLength;
    for (; end < this.#replies.length && end - this.#head < maxReplies; end++) {
      const reply = this.#replies[end];
      if (!reply || reply.codec !== first.codec || reply.delimited) break;
      bytes += reply.bytes.byteLength;
      if (bytes > maxBytes) break;
    }
    return this.#replies.slice(this.#head, end);
  }

  /** Forgets the first `count` replies: they are with the socket now. */
  drop(count: number): void {
    if (count === 1 && this.#replies.length === 1) this.#dropOnly();
    else this.#dropFirst(count);
    if (this.#heldBack.length > 0 && !this.congested) for (const go of this.#heldBack.splice(0)) go();
  }

  /** Keeps the memory of the list for the next reply. */
  #dropOnly(): void {
    this.#waitingBytes -= this.#replies.pop()?.bytes.byteLength ?? 0;
    this.#head = 0;
  }

  #dropFirst(count: number): void {
    for (let i = 0; i < count; i++)
      this.#waitingBytes -= this.#replies[this.#head + i]?.bytes.byteLength ?? 0;
    this.#head += count;
    if (this.#head === this.#replies.length) {
      this.#replies = [];
      this.#head = 0;
    } else if (this.#head > 1024) {
      this.#replies = this.#replies.slice(this.#head);
      this.#head = 0;
    }
  }

  /** Throws all replies away. @returns how many */
  clear(): number {
    const count = this.waiting;
    this.drop(count);
    return count;
  }

  cancelAll(error: ServiceError): void {
    for (const call of [...this.calls.values()]) call.cancel(error);
  }
}

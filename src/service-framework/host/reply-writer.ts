import type { Router } from 'zeromq';
import { type Clock, type Logger, ServiceError, type Timer } from '../../runtime/index.js';
import { joinBatch } from '../protocol/index.js';
import type { Peer, QueuedReply } from './peer.js';

export interface ReplyWriterOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  /** Replies waiting for one peer, in bytes; a peer that lets more pile up is cut off. */
  readonly peerQueueBytes: number;
  /** Replies waiting for all peers, in bytes; beyond it the one with the most is cut off. */
  readonly totalQueueBytes: number;
  /** How long a peer may take nothing before it is cut off, ms. */
  readonly stalledMs: number;
  /** How long a peer that was cut off is not heard, ms. */
  readonly deafMs: number;
  /** Replies joined into one message: bytes and number. */
  readonly batchBytes: number;
  readonly batchReplies: number;
  peers(): Iterable<Peer>;
  forget(peer: Peer): void;
}

const EMPTY_FRAME = Buffer.alloc(0);
const FIRST_RETRY_MS = 1;
const LONGEST_RETRY_MS = 16;

/**
 * The only writer of a ROUTER socket. The socket never blocks and never drops silently (`mandatory`,
 * `sendTimeout` 0): what a slow peer does not take waits here, bounded, and holds up nobody else.
 */
export class ReplyWriter {
  readonly #socket: Router;
  readonly #options: ReplyWriterOptions;
  /** Peers with something to send, in turn; one that is not `ready` any more has been served meanwhile. */
  #ready: Peer[] = [];
  readonly #blocked = new Set<Peer>();
  readonly #flushSoon = (): void => {
    this.#flushScheduled = false;
    this.#write();
  };
  #flushScheduled = false;
  #held = false;
  /** Asking the socket would be a call into native code. */
  #closed = false;
  #retry: Timer | undefined;
  #retryMs = FIRST_RETRY_MS;
  #waitingBytes = 0;
  #empty: (() => void)[] = [];
  sent = 0;
  lost = 0;
  cutOff = 0;

  constructor(socket: Router, options: ReplyWriterOptions) {
    this.#socket = socket;
    this.#options = options;
  }

  get waitingBytes(): number {
    return this.#waitingBytes;
  }

  /**
   * Takes a reply; it leaves with everything else that is queued in this turn of the event loop.
   *
   * @param atOnce nothing else is to come: it leaves now, unless the writer is held
   */
  queue(peer: Peer, reply: QueuedReply, atOnce = false): void {
    const bytes = reply.bytes.byteLength;
    if (peer.deafUntilMs !== undefined || this.#closed) {
      this.lost++;
      return;
    }
    peer.push(reply);
    this.#waitingBytes += bytes;
    if (peer.waitingBytes > this.#options.peerQueueBytes) this.#cutOff(peer, 'too many replies wait');
    else if (this.#waitingBytes > this.#options.totalQueueBytes) this.#cutOffGreediest();
    if (peer.waiting === 0 || this.#blocked.has(peer)) return;
    this.#makeReady(peer);
    if (this.#held) return;
    if (atOnce) {
      this.#write();
      return;
    }
    if (this.#flushScheduled) return;
    this.#flushScheduled = true;
    // After all promise reactions of this turn: answers that are ready together leave together.
    process.nextTick(this.#flushSoon);
  }

  /** Keeps everything back until {@link release}. */
  hold(): void {
    this.#held = true;
  }

  /** Sends what is ready without waiting for the end of the turn. */
  release(): void {
    this.#held = false;
    if (this.#ready.length > 0) this.#write();
  }

  /** Resolves when nothing waits, or after `timeoutMs`. */
  whenEmpty(timeoutMs: number): Promise<void> {
    if (this.#waitingBytes === 0) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = this.#options.clock.schedule(timeoutMs, resolve);
      this.#empty.push(() => {
        timer.cancel();
        resolve();
      });
    });
  }

  close(): void {
    this.#closed = true;
    this.#retry?.cancel();
    for (const peer of this.#options.peers()) this.#discard(peer);
  }

  /** One message a peer and round: a long queue does not hold up a short one. */
  #write(): void {
    if (this.#closed) return;
    const ready = this.#ready;
    if (ready.length > 1) {
      for (const peer of ready) this.#serve(peer);
      ready.length = 0;
      return;
    }
    const only = ready.pop();
    if (only) this.#serve(only);
  }

  #serve(peer: Peer): void {
    if (!peer.ready) return;
    peer.ready = false;
    if (peer.offered === 0 && peer.waiting > 0) this.#offer(peer);
  }

  #makeReady(peer: Peer): void {
    if (peer.ready) return;
    peer.ready = true;
    this.#ready.push(peer);
  }

  #offer(peer: Peer): void {
    const replies = peer.next(this.#options.batchBytes, this.#options.batchReplies);
    const first = replies[0];
    if (!first) return;
    const { routingId } = peer;
    const frame = this.#messageOf(replies, first);
    peer.told ??= {
      accepted: () => this.#accepted(peer),
      refused: (error) => this.#refused(peer, error),
    };
    const { accepted, refused } = peer.told;
    peer.offered = replies.length;
    // Decided when it returns, because the socket's send timeout is 0; told by the promise.
    this.#socket
      .send(first.delimited ? [routingId, EMPTY_FRAME, frame] : [routingId, frame])
      .then(accepted, refused);
  }

  #messageOf(replies: readonly QueuedReply[], first: QueuedReply): Uint8Array {
    if (replies.length === 1) return first.bytes;
    return joinBatch(
      first.codec,
      replies.map((reply) => reply.bytes),
    );
  }

  #accepted(peer: Peer): void {
    this.sent++;
    const count = peer.offered;
    peer.offered = 0;
    if (peer.blockedSinceMs !== undefined) {
      peer.blockedSinceMs = undefined;
      this.#retryMs = FIRST_RETRY_MS;
    }
    const before = peer.waitingBytes;
    // It may have been cut off meanwhile, and then nothing waits any more.
    peer.drop(Math.min(count, peer.waiting));
    this.#waitingBytes -= before - peer.waitingBytes;
    if (peer.waiting > 0 && !this.#blocked.has(peer)) {
      this.#makeReady(peer);
      if (!this.#held) this.#write();
    }
    if (this.#waitingBytes === 0 && this.#empty.length > 0) this.#wakeEmpty();
  }

  #wakeEmpty(): void {
    for (const wake of this.#empty.splice(0)) wake();
  }

  #refused(peer: Peer, error: NodeJS.ErrnoException): void {
    peer.offered = 0;
    peer.ready = false;
    const { clock, logger, stalledMs, forget } = this.#options;
    if (error.code === 'EAGAIN') {
      const nowMs = clock.monotonicMs();
      peer.blockedSinceMs ??= nowMs;
      if (nowMs - peer.blockedSinceMs >= stalledMs) this.#cutOff(peer, 'it takes no replies');
      else {
        this.#blocked.add(peer);
        this.#scheduleRetry();
      }
      return;
    }
    if (error.code !== 'EHOSTUNREACH') logger.error({ err: error }, 'a reply could not be sent');
    this.#discard(peer);
    forget(peer);
    // For good: answers to what it still has running go nowhere.
    peer.deafUntilMs = Number.POSITIVE_INFINITY;
    peer.cancelAll(new ServiceError('CANCELLED', 'the caller has gone'));
  }

  #scheduleRetry(): void {
    if (this.#retry) return;
    this.#retry = this.#options.clock.schedule(this.#retryMs, () => {
      this.#retry = undefined;
      this.#retryMs = Math.min(this.#retryMs * 2, LONGEST_RETRY_MS);
      for (const peer of this.#blocked) this.#makeReady(peer);
      this.#blocked.clear();
      this.#write();
    });
  }

  #cutOffGreediest(): void {
    let greediest: Peer | undefined;
    for (const peer of this.#options.peers())
      if (!greediest || peer.waitingBytes > greediest.waitingBytes) greediest = peer;
    if (greediest) this.#cutOff(greediest, 'the replies for all peers exceed their memory');
  }

  #cutOff(peer: Peer, why: string): void {
    const { clock, logger, deafMs } = this.#options;
    this.cutOff++;
    logger.warn({ waitingBytes: peer.waitingBytes, replies: peer.waiting, why }, 'a slow reader was cut off');
    this.#discard(peer);
    peer.deafUntilMs = clock.monotonicMs() + deafMs;
    peer.blockedSinceMs = undefined;
    peer.cancelAll(new ServiceError('CANCELLED', 'the caller does not read its replies'));
  }

  #discard(peer: Peer): void {
    this.#waitingBytes -= peer.waitingBytes;
    this.lost += peer.clear();
    peer.ready = false;
    this.#blocked.delete(peer);
    if (this.#waitingBytes === 0 && this.#empty.length > 0) this.#wakeEmpty();
  }
}

import { type Clock, invalidArgument, type Timer } from '../../runtime/index.js';
import { encodeStreamItem, type ProtocolLimits } from '../protocol/index.js';
import { CreditGate, type ItemSink } from '../transport/index.js';
import type { Peer } from './peer.js';
import type { ReplyWriter } from './reply-writer.js';
import type { ReplyAddress } from './socket-request.js';

/**
 * A stream that has nothing to say says so this often, ms: its caller learns that somebody is at work, and the host,
 * whose socket tells of a lost peer only when something is sent to it, that the caller is gone.
 */
const SIGN_OF_LIFE_MS = 5_000;

export interface SocketStreamOptions {
  readonly clock: Clock;
  readonly limits: ProtocolLimits;
  readonly peer: Peer;
  readonly to: ReplyAddress;
  readonly writer: ReplyWriter;
  /** Granted to begin with. */
  readonly credit: number;
}

/** The items of one streamed reply on their way to a peer, held back while too much waits for it. */
export class SocketStream implements ItemSink {
  readonly gate: CreditGate;
  readonly #options: SocketStreamOptions;
  #sent = 0;
  #saidMs: number;
  #timer: Timer | undefined;
  #closed = false;

  constructor(options: SocketStreamOptions) {
    this.#options = options;
    this.gate = new CreditGate(options.credit, options.limits.streamCredit);
    this.#saidMs = options.clock.monotonicMs();
  }

  /** Items sent so far. */
  get sent(): number {
    return this.#sent;
  }

  item(body: unknown): void {
    const { to, limits, peer } = this.#options;
    const bytes = encodeStreamItem(to.codec, { id: to.id, seq: this.#sent + 1 }, body);
    if (bytes.byteLength > limits.messageBytes)
      throw invalidArgument('body', `${bytes.byteLength} bytes`, `at most ${limits.messageBytes}`);
    this.#sent++;
    this.#queue(bytes);
    if (!peer.congested) return;
    this.gate.hold();
    peer.onRelief(() => this.gate.release());
  }

  /** It goes on for longer than a turn. */
  open(): void {
    this.#watch(SIGN_OF_LIFE_MS);
  }

  /** It has ended. */
  close(): void {
    this.#closed = true;
    this.#timer?.cancel();
  }

  #watch(inMs: number): void {
    const { clock, to, peer } = this.#options;
    // What was said may have been one too many for its reader, and the end.
    if (this.#closed) return;
    this.#timer = clock.schedule(
      inMs,
      () => {
        const leftMs = SIGN_OF_LIFE_MS - (clock.monotonicMs() - this.#saidMs);
        // While something waits for it, whether it is still there is found out by that.
        if (leftMs <= 0 && peer.waiting === 0) this.#queue(encodeStreamItem(to.codec, { id: to.id }));
        this.#watch(leftMs <= 0 ? SIGN_OF_LIFE_MS : leftMs);
      },
      { background: true },
    );
  }

  #queue(bytes: Uint8Array): void {
    const { clock, writer, peer, to } = this.#options;
    this.#saidMs = clock.monotonicMs();
    writer.queue(peer, { codec: to.codec, bytes, delimited: to.delimited });
  }
}

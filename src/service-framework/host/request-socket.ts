import { Router } from 'zeromq';
import { type Clock, type Logger, ServiceError } from '../../runtime/index.js';
import type { Role } from '../handler/index.js';
import {
  encodeErrorReply,
  encodeReply,
  type IncomingItem,
  type IncomingRequest,
  type ProtocolLimits,
  readMessage,
} from '../protocol/index.js';
import {
  type CurveServerOptions,
  checkEndpoint,
  curveServerSocket,
  HANDSHAKE_LIMIT_MS,
} from '../security/index.js';
import type { Finish, InboundRequest, Outcome, PendingRequest } from '../transport/index.js';
import { bindError } from './bind-error.js';
import { ConnectionWatch } from './connection-watch.js';
import type { Peer } from './peer.js';
import { PeerTable } from './peer-table.js';
import { ReplyWriter, type ReplyWriterOptions } from './reply-writer.js';
import { type Arrival, type ReplyAddress, SocketRequest } from './socket-request.js';
import { SocketStream } from './socket-stream.js';
import { StallWatch } from './stall-watch.js';

export interface RequestSocketOptions extends Omit<ReplyWriterOptions, 'peers' | 'forget' | 'batchReplies'> {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly limits: ProtocolLimits;
  /** Everyone who reaches this socket has this role. */
  readonly role: Role;
  /** Messages kept inside the socket, per peer and direction. */
  readonly highWaterMark: number;
  readonly lingerMs: number;
  /** Absent = plain, for this machine only. */
  readonly curve?: CurveServerOptions | undefined;
  submit(request: InboundRequest, finish: Finish): PendingRequest;
  /** See {@link ConnectionWatch.follow}. */
  onConnection(watch: ConnectionWatch): void;
}

/**
 * Envelopes read before the event loop gets a turn, and bytes that count as one. The socket hands over
 * hundreds of messages without one, and timers, answers of handlers and what waits would wait for them all. Well
 * below what a queue holds: short work that waits for its turn must not be shed because more is read meanwhile.
 */
const PAUSE_AFTER = 256;
const PAUSE_UNIT_BYTES = 4_096;
/** Connections that wait to be taken: all clients of a host that was restarted come back at once. */
const BACKLOG = 1_024;

/** The ROUTER socket of one role: reads requests, never waits for a handler, queues replies. */
export class RequestSocket {
  readonly #socket: Router;
  readonly #options: RequestSocketOptions;
  readonly #peers = new PeerTable();
  readonly #writer: ReplyWriter;
  readonly #stalls: StallWatch;
  readonly connections = new ConnectionWatch();
  #failed = false;
  /** Asking the socket would be a call into native code. */
  #closed = false;
  /** The one request of a message is looked at: its answer, if it has one now, is all there is to send. */
  #alone = false;
  #untilPause = PAUSE_AFTER;
  received = 0;
  dropped = 0;

  constructor(options: RequestSocketOptions) {
    this.#options = options;
    this.#stalls = new StallWatch(options.clock);
    // Never `handover`: a client chooses its own routing id and would receive another's replies.
    this.#socket = new Router({
      mandatory: true,
      backlog: BACKLOG,
      sendTimeout: 0,
      linger: options.lingerMs,
      maxMessageSize: options.limits.messageBytes,
      handshakeInterval: HANDSHAKE_LIMIT_MS,
      sendHighWaterMark: options.highWaterMark,
      receiveHighWaterMark: options.highWaterMark,
      ...curveServerSocket(options.curve),
    });
    this.#writer = new ReplyWriter(this.#socket, {
      ...options,
      batchReplies: options.limits.batchEnvelopes,
      peers: () => this.#peers.values(),
      forget: (peer) => this.#peers.forget(peer),
    });
    const { connections } = this;
    void connections.follow(this.#socket, options.logger, () => options.onConnection(connections));
  }

  /** @returns the endpoint as bound */
  async bind(endpoint: string): Promise<string> {
    const parsed = checkEndpoint(endpoint, 'request', this.#options.curve !== undefined);
    // Saying it again, as a second try to bind would, is a warning.
    if (this.#socket.ipv6 !== parsed.ipv6) this.#socket.ipv6 = parsed.ipv6;
    try {
      await this.#socket.bind(parsed.address);
    } catch (cause) {
      throw bindError('request', endpoint, cause);
    }
    this.#stalls.start();
    this.#receive();
    return this.#socket.lastEndpoint ?? parsed.address;
  }

  get open(): boolean {
    return !this.#closed && !this.#failed;
  }

  get writer(): ReplyWriter {
    return this.#writer;
  }

  get peers(): number {
    return this.#peers.size;
  }

  /** Closes at once; what has been handed to the socket may still leave within its linger time. */
  close(): void {
    this.#stop();
    this.#socket.close();
  }

  /** Closes at once, ends what the peers have running, and frees the address for a successor. */
  async cut(): Promise<void> {
    const endpoint = this.#socket.lastEndpoint;
    for (const peer of this.#peers.values()) {
      // For good: answers to what it still has running go nowhere.
      peer.deafUntilMs = Number.POSITIVE_INFINITY;
      peer.cancelAll(new ServiceError('CANCELLED', 'the connections of this endpoint were cut'));
    }
    // Before: a socket that is being unbound throws at whoever would receive or send.
    this.#stop();
    if (endpoint !== null) await this.#socket.unbind(endpoint).catch(() => undefined);
    this.#socket.close();
  }

  /** Neither receives nor sends any more. */
  #stop(): void {
    this.#closed = true;
    this.#stalls.stop();
    this.#writer.close();
  }

  #receive(): void {
    if (this.#closed) return;
    if (this.#untilPause <= 0) {
      this.#untilPause = PAUSE_AFTER;
      setImmediate(() => this.#receive());
      return;
    }
    this.#socket.receive().then(this.#onFrames, this.#onReceiveFailed);
  }

  readonly #onFrames = (frames: Buffer[]): void => {
    // It came while the connections were cut.
    if (this.#closed) return;
    this.received++;
    try {
      this.#message(frames);
    } catch (err) {
      this.dropped++;
      this.#options.logger.error({ err }, 'a message could not be handled');
    }
    this.#receive();
  };

  readonly #onReceiveFailed = (err: unknown): void => {
    if (this.#closed) return;
    this.#failed = true;
    this.#options.logger.fatal({ err }, 'the request socket failed to receive');
  };

  #message(frames: readonly Buffer[]): void {
    const routingId = frames[0];
    const delimited = frames.length === 3 && frames[1]?.length === 0;
    const frame = delimited ? frames[2] : frames[1];
    if (!routingId || !frame || (frames.length !== 2 && !delimited)) {
      this.dropped++;
      return;
    }
    const nowMs = this.#options.clock.monotonicMs();
    const arrivedMs = this.#stalls.arrivedMs(nowMs);
    const peer = this.#peers.get(routingId);
    if (peer.deafUntilMs !== undefined) {
      if (nowMs < peer.deafUntilMs) {
        this.dropped++;
        return;
      }
      peer.deafUntilMs = undefined;
    }
    const message = readMessage(frame, this.#options.limits);
    if ('dropped' in message) {
      this.dropped++;
      return;
    }
    if (message.batch) peer.acceptsBatch = true;
    const { codec, items } = message;
    const arrival: Arrival = { arrivedMs, codec, delimited, message: { bytes: frame.length, requests: 0 } };
    if (items.length === 1) this.#only(peer, items[0] as IncomingItem, arrival);
    else this.#all(peer, items, arrival);
    this.#untilPause -= items.length + frame.length / PAUSE_UNIT_BYTES;
  }

  #only(peer: Peer, item: IncomingItem, arrival: Arrival): void {
    this.#alone = true;
    try {
      this.#item(peer, item, arrival);
    } finally {
      this.#alone = false;
    }
  }

  /** What they are answered at once leaves together, before the socket is asked again: asking costs microseconds. */
  #all(peer: Peer, items: readonly IncomingItem[], arrival: Arrival): void {
    this.#writer.hold();
    try {
      for (const item of items) this.#item(peer, item, arrival);
    } finally {
      this.#writer.release();
    }
  }

  #item(peer: Peer, item: IncomingItem, arrival: Arrival): void {
    switch (item.kind) {
      case 'request':
        if (item.acceptsBatch) peer.acceptsBatch = true;
        this.#request(peer, item, arrival);
        return;
      case 'cancel':
        peer.calls.get(item.id)?.cancel(new ServiceError('CANCELLED', 'the caller cancelled'));
        return;
      case 'credit':
        peer.calls.get(item.id)?.grant?.(item.credit);
        return;
      case 'invalid': {
        const outcome: Outcome = { ok: false, error: item.error };
        const { codec, delimited } = arrival;
        this.#reply(peer, { id: item.id, codec, delimited, traceparent: undefined }, outcome, 0);
        return;
      }
      case 'dropped':
        this.dropped++;
    }
  }

  #request(peer: Peer, item: IncomingRequest, arrival: Arrival): void {
    const { id } = item;
    const request = new SocketRequest(item, this.#options.role, peer, arrival);
    const refused = this.#refusal(peer, item, arrival.delimited);
    if (refused) {
      this.#reply(peer, request, { ok: false, error: refused }, 0);
      return;
    }
    if (item.stream !== undefined) {
      this.#stream(peer, request, item.stream);
      return;
    }
    const pending = this.#options.submit(request, (outcome, elapsedUs) => {
      if (request.answered()) peer.calls.delete(id);
      this.#reply(peer, request, outcome, elapsedUs);
    });
    if (request.waits()) peer.calls.set(id, pending);
  }

  #stream(peer: Peer, request: SocketRequest, credit: number): void {
    const { clock, limits, submit } = this.#options;
    const stream = new SocketStream({ clock, limits, peer, to: request, writer: this.#writer, credit });
    request.stream = stream;
    const pending = submit(request, (outcome, elapsedUs) => {
      stream.close();
      if (request.answered()) peer.calls.delete(request.id);
      this.#reply(peer, request, outcome, elapsedUs, stream.sent);
    });
    if (!request.waits()) return;
    peer.calls.set(request.id, pending);
    stream.open();
  }

  /** Why a request is not even handed over. */
  #refusal(peer: Peer, { id, stream }: IncomingRequest, delimited: boolean): ServiceError | undefined {
    if (peer.calls.has(id))
      return new ServiceError('INVALID_ARGUMENT', 'id: a request with this id is in flight', { field: 'id' });
    // Its socket takes one message for each that it has sent.
    if (stream !== undefined && delimited)
      return new ServiceError('INVALID_ARGUMENT', 'stream: a REQ socket takes one reply only', {
        field: 'stream',
      });
    return undefined;
  }

  #reply(peer: Peer, to: ReplyAddress, outcome: Outcome, elapsedUs: number, seq?: number): void {
    const bytes = this.#encode(to, outcome, Math.round(elapsedUs), seq);
    this.#writer.queue(peer, { codec: to.codec, bytes, delimited: to.delimited }, this.#alone);
  }

  #encode(to: ReplyAddress, outcome: Outcome, us: number, seq: number | undefined): Uint8Array {
    const { messageBytes } = this.#options.limits;
    let why: unknown;
    try {
      const bytes = encodeOutcome(to, outcome, us, seq);
      if (bytes.byteLength <= messageBytes) return bytes;
      why = new Error(`the reply has ${bytes.byteLength} bytes, ${messageBytes} are allowed`);
    } catch (thrown) {
      why = thrown;
    }
    this.#options.logger.error({ err: why, requestId: to.id }, 'a reply could not be encoded');
    const error = new ServiceError('INTERNAL', 'the reply could not be encoded within the limits');
    return encodeOutcome(to, { ok: false, error }, us, seq);
  }
}

function encodeOutcome(to: ReplyAddress, outcome: Outcome, us: number, seq: number | undefined): Uint8Array {
  const header = { id: to.id, us, tp: to.traceparent, seq };
  return outcome.ok
    ? encodeReply(to.codec, header, outcome.body)
    : encodeErrorReply(to.codec, header, outcome.error);
}

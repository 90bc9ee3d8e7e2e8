import { Dealer } from 'zeromq';
import { type Clock, invalidArgument, type Logger, ServiceError } from '../../runtime/index.js';
import {
  type CodecName,
  encodeCancel,
  encodeCredit,
  encodeRequest,
  type ProtocolLimits,
  readReplies,
  type IncomingReply as WireReply,
} from '../protocol/index.js';
import { type CurveClientOptions, checkEndpoint, curveClientSocket } from '../security/index.js';
import { CallTable, type OpenCall } from './call-table.js';
import { ConnectionLoss } from './connection-loss.js';
import { monitorConnection } from './connection-monitor.js';
import { requireMainThread } from './main-thread.js';
import { OpenStream } from './open-stream.js';
import { Outbox } from './outbox.js';
import { RequestMemory } from './request-memory.js';
import type {
  CallReply,
  ConnectionState,
  OutgoingCall,
  OutgoingStream,
  ReplySink,
  StreamControl,
  StreamReceiver,
} from './transport.js';

export interface DealerConnectionOptions {
  readonly endpoint: string;
  readonly codec: CodecName;
  readonly limits: ProtocolLimits;
  readonly clock: Clock;
  readonly logger: Logger;
  /** How long a request waits for a connection before it ends with UNAVAILABLE, ms. */
  readonly connectTimeoutMs: number;
  readonly highWaterMark: number;
  /** Absent = plain, for hosts on this machine only. */
  readonly curve?: CurveClientOptions | undefined;
}

/** Envelopes joined into one message. */
const BATCH_BYTES = 256 * 1024;
const RECONNECT_MS = 50;
const LONGEST_RECONNECT_MS = 1_000;
/** The socket's own heartbeats find a peer whose machine or network died without a word. */
const HEARTBEAT_MS = 2_000;
const HEARTBEAT_TIMEOUT_MS = 6_000;
/** Replies that arrived before the connection was lost may be read shortly after the news of it. */
const DISCONNECT_GRACE_MS = 20;

/** One DEALER socket: many requests in flight to one host. */
export class DealerConnection {
  readonly #options: DealerConnectionOptions;
  readonly #socket: Dealer;
  readonly #calls: CallTable;
  readonly #outbox: Outbox;
  readonly #memory = new RequestMemory();
  #state: ConnectionState = 'connecting';
  /** Counts connections; tells requests of a lost one from those sent on its successor. */
  #generation = 0;
  #waiters: (() => void)[] = [];
  /** Why the host does not let us in; until it does, calls end at once. */
  #refusal: string | undefined;
  unreadable = 0;

  /** @throws ServiceError INVALID_ARGUMENT or FAILED_PRECONDITION for an endpoint that may not be used */
  constructor(options: DealerConnectionOptions) {
    requireMainThread();
    const parsed = checkEndpoint(options.endpoint, 'endpoint', options.curve !== undefined);
    if (parsed.port === '*') throw invalidArgument('endpoint', options.endpoint, 'a port to connect to');
    this.#options = options;
    this.#calls = new CallTable(options.clock);
    this.#socket = new Dealer({
      // Nothing is queued for a host that is not there, to be delivered when nobody waits any more.
      immediate: true,
      // Default linger would keep the process from ever exiting.
      linger: 0,
      sendTimeout: 0,
      ipv6: parsed.ipv6,
      maxMessageSize: options.limits.messageBytes,
      sendHighWaterMark: options.highWaterMark,
      receiveHighWaterMark: options.highWaterMark,
      reconnectInterval: RECONNECT_MS,
      reconnectMaxInterval: LONGEST_RECONNECT_MS,
      heartbeatInterval: HEARTBEAT_MS,
      heartbeatTimeout: HEARTBEAT_TIMEOUT_MS,
      ...curveClientSocket(options.curve),
    });
    this.#outbox = new Outbox(this.#socket, {
      clock: options.clock,
      codec: options.codec,
      batchBytes: BATCH_BYTES,
      batchEnvelopes: options.limits.batchEnvelopes,
      failed: (error) => this.#socketFailed(error),
    });
    const { clock, logger } = options;
    const secured = options.curve !== undefined;
    const watched = { socket: this.#socket, address: parsed.address, secured, clock, logger };
    void monitorConnection(watched, {
      connected: () => this.#connected(),
      disconnected: () => this.#disconnected(),
      refused: (why) => this.#wasRefused(why),
    });
    this.#socket.connect(parsed.address);
    this.#receive();
  }

  get state(): ConnectionState {
    return this.#state;
  }

  /** Why the host does not let us in. */
  get refusal(): string | undefined {
    return this.#refusal;
  }

  /** Resolves at the next moment with a connection, at once when there is one, or when closed. */
  whenConnected(): Promise<void> {
    if (this.#state === 'connected' || this.#state === 'closed') return Promise.resolve();
    return new Promise((resolve) => this.#waiters.push(resolve));
  }

  request(call: OutgoingCall): Promise<CallReply> {
    return new Promise<CallReply>((replied, failed) => this.send(call, { replied, failed }));
  }

  /** As `request`, told to `sink`. Never throws. */
  send(call: OutgoingCall, sink: ReplySink): void {
    let open: OpenCall;
    try {
      open = this.#open(call, sink);
    } catch (refused) {
      sink.failed(ServiceError.from(refused));
      return;
    }
    if (this.#state !== 'connected') this.#allowToConnect(open);
    this.#outbox.push(open);
  }

  /** As `send`, for a reply in items. Never throws. */
  stream(call: OutgoingStream, receiver: StreamReceiver): StreamControl {
    let open: OpenStream;
    try {
      open = this.#openStream(call, receiver);
    } catch (refused) {
      receiver.failed(ServiceError.from(refused));
      return NO_STREAM;
    }
    if (this.#state !== 'connected') this.#allowToConnect(open);
    this.#outbox.push(open);
    return { grant: (credit) => this.#grant(open, credit) };
  }

  /** Ends everything that went out and has no answer; the host is told, should it ever listen again. */
  abandon(error: ServiceError): void {
    for (const call of this.#calls.values()) {
      if (call.generation === undefined) continue;
      call.reject(error);
      this.#onGivenUp(call);
    }
  }

  close(): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    this.#calls.close(new ServiceError('CANCELLED', 'the transport was closed'));
    this.#outbox.close();
    this.#memory.clear();
    this.#wake();
    this.#socket.close();
  }

  #open(call: OutgoingCall, sink: ReplySink): OpenCall {
    this.#check(call);
    const id = this.#calls.nextId();
    const bytes = this.#encode(id, call, undefined);
    const open = this.#calls.open(id, call, bytes, sink);
    open.lent = this.#memory.lent(bytes);
    if (call.signal) open.follow(call.signal, this.#onGivenUp);
    return open;
  }

  #openStream(call: OutgoingStream, receiver: StreamReceiver): OpenStream {
    this.#check(call);
    const { credit, signal, timeoutMs } = call;
    const most = this.#options.limits.streamCredit;
    if (!Number.isSafeInteger(credit) || credit < 1 || credit > most)
      throw invalidArgument('credit', credit, `an integer from 1 to ${most}`);
    const id = this.#calls.nextId();
    const bytes = this.#encode(id, call, credit);
    const deadlineMs = this.#options.clock.monotonicMs() + timeoutMs;
    const open = new OpenStream(id, call, deadlineMs, bytes, this.#calls, receiver);
    open.lent = this.#memory.lent(bytes);
    this.#calls.add(open);
    if (signal) open.follow(signal, this.#onGivenUp);
    return open;
  }

  /** @throws ServiceError when nothing may be sent */
  #check({ command, signal, timeoutMs }: OutgoingCall): void {
    if (this.#state === 'closed') throw new ServiceError('CANCELLED', 'the transport is closed');
    if (!(timeoutMs > 0)) throw invalidArgument('timeoutMs', timeoutMs, 'a positive number');
    if (signal?.aborted) throw new ServiceError('CANCELLED', `${command}: the caller gave up`);
    if (this.#refusal !== undefined) throw unauthenticated(command, this.#options.endpoint, this.#refusal);
  }

  #encode(id: number, call: OutgoingCall, stream: number | undefined): Uint8Array {
    const { codec, limits } = this.#options;
    const bytes = encodeRequest(
      codec,
      {
        id,
        cmd: call.command,
        ttl: Math.max(1, Math.ceil(call.timeoutMs)),
        key: call.key,
        tp: call.traceparent,
        batch: true,
        stream,
      },
      call.payload,
      this.#memory.take,
    );
    // The socket of the host would drop the connection, and with it every other request.
    if (bytes.byteLength > limits.messageBytes)
      throw new ServiceError(
        'INVALID_ARGUMENT',
        `body: the message has ${bytes.byteLength} bytes; must be at most ${limits.messageBytes}`,
        { field: 'body' },
      );
    return bytes;
  }

  #allowToConnect(call: OpenCall): void {
    const { clock, connectTimeoutMs, endpoint } = this.#options;
    const timer = clock.schedule(connectTimeoutMs, () => {
      if (call.generation !== undefined) return;
      call.reject(
        new ServiceError('UNAVAILABLE', `${call.call.command}: no connection to ${endpoint}`, {
          cause: new ConnectionLoss(false),
        }),
      );
    });
    void this.whenConnected().then(() => timer.cancel());
  }

  readonly #onGivenUp = (call: OpenCall): void => {
    if (this.#reaches(call)) this.#tell(encodeCancel(this.#options.codec, call.id));
  };

  #grant(stream: OpenStream, credit: number): void {
    if (!stream.open || !this.#reaches(stream)) return;
    stream.granted(credit);
    this.#tell(encodeCredit(this.#options.codec, stream.id, credit));
  }

  /** Whether the host that has the call can be told about it. */
  #reaches(call: OpenCall): boolean {
    return call.generation === this.#generation && this.#state === 'connected';
  }

  #tell(bytes: Uint8Array): void {
    this.#outbox.push({ bytes, open: true, generation: undefined });
  }

  #connected(): void {
    if (this.#state === 'closed') return;
    this.#state = 'connected';
    this.#refusal = undefined;
    this.#generation++;
    this.#wake();
    this.#outbox.generation = this.#generation;
  }

  #disconnected(): void {
    if (this.#state !== 'connected') return;
    this.#state = 'disconnected';
    this.#outbox.generation = undefined;
    const lost = this.#generation;
    this.#options.clock.schedule(DISCONNECT_GRACE_MS, () => setImmediate(() => this.#fail(lost)));
    for (const call of this.#calls.values()) if (call.generation === undefined) this.#allowToConnect(call);
  }

  #wasRefused(why: string): void {
    const { endpoint, logger } = this.#options;
    if (this.#state === 'closed') return;
    if (this.#refusal === undefined) logger.warn({ endpoint, why }, 'the host refuses the connection');
    this.#refusal = why;
    for (const call of this.#calls.values())
      if (call.generation === undefined) call.reject(unauthenticated(call.call.command, endpoint, why));
  }

  /** Ends the requests that went out on a connection that is gone. */
  #fail(generation: number): void {
    const { endpoint } = this.#options;
    for (const call of this.#calls.values())
      if (call.generation === generation)
        call.reject(
          new ServiceError('UNAVAILABLE', `${call.call.command}: the connection to ${endpoint} was lost`, {
            cause: new ConnectionLoss(true),
          }),
        );
  }

  #socketFailed(err: unknown): void {
    if (this.#state === 'closed') return;
    this.#options.logger.error({ err }, 'the request socket failed to send');
    this.#calls.rejectAll(new ServiceError('UNAVAILABLE', 'the socket failed', { cause: err }));
  }

  #wake(): void {
    for (const wake of this.#waiters.splice(0)) wake();
  }

  #receive(): void {
    // Asking the socket would be a call into native code.
    if (this.#state === 'closed') return;
    this.#socket.receive().then(this.#onFrames, this.#onReceiveFailed);
  }

  readonly #onFrames = (frames: Buffer[]): void => {
    const frame = frames[0];
    // What the replies lead their callers to ask next leaves as one message, before the socket is asked
    // again: asking costs microseconds.
    this.#outbox.hold();
    try {
      if (frame) this.#message(frame);
    } finally {
      // Whatever happened: what is held must leave.
      void SETTLED.then(this.#callersGoOn);
    }
  };

  /** Callers behind an async function of theirs go on one reaction later; for others the way out is as short. */
  readonly #callersGoOn = (): void => {
    void SETTLED.then(this.#endOfTurn);
  };

  readonly #endOfTurn = (): void => {
    this.#outbox.release();
    this.#receive();
  };

  readonly #onReceiveFailed = (err: unknown): void => {
    this.#socketFailed(err);
  };

  #message(frame: Uint8Array): void {
    const { replies, dropped } = readReplies(frame, this.#options.limits);
    this.unreadable += dropped.length;
    for (const reply of replies) {
      const call = this.#calls.get(reply.id);
      // Without one, its caller has stopped waiting.
      if (!call) continue;
      if (call instanceof OpenStream) this.#streamed(call, reply);
      // An item of something that was not asked for as a stream.
      else if (reply.more) this.unreadable++;
      else this.#settle(call, reply);
    }
  }

  #settle(call: OpenCall, reply: WireReply): void {
    const { lent } = call;
    // The host that answers has received the whole request.
    if (lent && call.generation === this.#generation) {
      call.lent = undefined;
      this.#memory.giveBack(lent);
    }
    settle(call, reply);
  }

  #streamed(stream: OpenStream, reply: WireReply): void {
    try {
      if (reply.more) {
        stream.item(reply);
        return;
      }
      stream.checkEnd(reply);
    } catch (thrown) {
      stream.reject(ServiceError.from(thrown));
      if (reply.more) this.#onGivenUp(stream);
      return;
    }
    this.#settle(stream, reply);
  }
}

/** Its reactions come after those that are under way; the queue of `process.nextTick` costs a microsecond to enter. */
const SETTLED = Promise.resolve();
const NO_STREAM: StreamControl = { grant: () => undefined };

function unauthenticated(command: string, endpoint: string, why: string): ServiceError {
  return new ServiceError('UNAUTHENTICATED', `${command}: ${endpoint}: ${why}`);
}

function settle(open: OpenCall, reply: WireReply): void {
  let body: unknown;
  try {
    if (!reply.ok) {
      open.reject(reply.error());
      return;
    }
    body = reply.decode({ allowNonFinite: open.call.allowNonFinite === true });
  } catch (cause) {
    const why = `the reply cannot be read: ${(cause as Error).message}`;
    open.reject(new ServiceError('INTERNAL', `${open.call.command}: ${why}`, { cause }));
    return;
  }
  open.resolve({ body, hostUs: reply.us ?? 0, traceparent: reply.tp });
}

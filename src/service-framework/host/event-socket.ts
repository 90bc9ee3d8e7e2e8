import { isUtf8 } from 'node:buffer';
import { XPublisher } from 'zeromq';
import type { Logger } from '../../runtime/index.js';
import { encodeEvent, type ProtocolLimits } from '../protocol/index.js';
import {
  type CurveServerOptions,
  checkEndpoint,
  curveServerSocket,
  HANDSHAKE_LIMIT_MS,
} from '../security/index.js';
import type { HostEvent } from '../transport/index.js';
import { bindError } from './bind-error.js';
import { ConnectionWatch } from './connection-watch.js';
import type { EventSink } from './event-hub.js';
import { MAX_TOPIC_CHARACTERS, Subscriptions } from './subscriptions.js';

export interface EventSocketOptions {
  readonly logger: Logger;
  readonly limits: ProtocolLimits;
  /** Events kept for a subscriber that is slow; beyond it they are lost to it. */
  readonly highWaterMark: number;
  readonly lingerMs: number;
  /** Absent = plain, for this machine only. */
  readonly curve?: CurveServerOptions | undefined;
  /** See {@link ConnectionWatch.follow}. */
  onConnection(watch: ConnectionWatch): void;
  /** There are more subscriptions than anyone can need, or some that are none. */
  onFlood(): void;
}

const SUBSCRIBE = 1;
/** Different prefixes; the socket library keeps each of them for as long as it is subscribed. */
const MAX_SUBSCRIPTIONS = 65_536;
/** Of all of them: the socket library takes some 45 bytes for each byte of a prefix that no other begins with. */
const MAX_SUBSCRIPTION_BYTES = 4 * 1024 * 1024;
/** The longest topic in UTF-8, and the name of the command that subscribes to it; who sends more is hung up on. */
const MAX_SUBSCRIPTION_MESSAGE = 3 * MAX_TOPIC_CHARACTERS + 16;

/** The XPUB socket: events out, subscriptions in. It never waits for a subscriber. */
export class EventSocket implements EventSink {
  readonly #socket: XPublisher;
  readonly #logger: Logger;
  readonly #secured: boolean;
  readonly #options: EventSocketOptions;
  readonly #subscriptions = new Subscriptions();
  readonly connections = new ConnectionWatch();
  #flooded = false;
  readonly #queue: [string, Uint8Array][] = [];
  #writing = false;
  #failed = false;
  /** Neither receives nor sends any more. */
  #closed = false;

  constructor(options: EventSocketOptions) {
    this.#options = options;
    this.#logger = options.logger;
    this.#secured = options.curve !== undefined;
    this.#socket = new XPublisher({
      linger: options.lingerMs,
      sendTimeout: 0,
      sendHighWaterMark: options.highWaterMark,
      maxMessageSize: MAX_SUBSCRIPTION_MESSAGE,
      handshakeInterval: HANDSHAKE_LIMIT_MS,
      ...curveServerSocket(options.curve),
    });
    const { connections } = this;
    void connections.follow(this.#socket, options.logger, () => options.onConnection(connections));
  }

  /** @returns the endpoint as bound */
  async bind(endpoint: string): Promise<string> {
    const parsed = checkEndpoint(endpoint, 'events', this.#secured);
    // Saying it again, as a second try to bind would, is a warning.
    if (this.#socket.ipv6 !== parsed.ipv6) this.#socket.ipv6 = parsed.ipv6;
    try {
      await this.#socket.bind(parsed.address);
    } catch (cause) {
      throw bindError('events', endpoint, cause);
    }
    void this.#receiveSubscriptions();
    return this.#socket.lastEndpoint ?? parsed.address;
  }

  get open(): boolean {
    return !this.#closed && !this.#failed;
  }

  hears(topic: string): boolean {
    return this.#subscriptions.match(topic);
  }

  send(event: HostEvent): void {
    if (this.#closed) return;
    this.#queue.push([event.topic, encodeEvent('msgpack', event, event.body)]);
    void this.#write();
  }

  close(): void {
    this.#closed = true;
    this.#socket.close();
  }

  /** Closes at once and frees the address for a successor. */
  async cut(): Promise<void> {
    const endpoint = this.#socket.lastEndpoint;
    // Before: a socket that is being unbound throws at whoever would receive or send.
    this.#closed = true;
    if (endpoint !== null) await this.#socket.unbind(endpoint).catch(() => undefined);
    this.close();
  }

  /** One writer: two sends at once are an error of the socket. */
  async #write(): Promise<void> {
    if (this.#writing) return;
    this.#writing = true;
    try {
      for (let next = this.#queue.shift(); next && !this.#closed; next = this.#queue.shift())
        await this.#socket.send(next);
    } catch (err) {
      if (!this.#closed) this.#logger.error({ err }, 'an event could not be sent');
    } finally {
      this.#writing = false;
    }
  }

  #subscribed(prefix: Buffer): void {
    if (this.#flooded) return;
    // What is no text looks alike here and is told apart in the socket, where it takes its room.
    const isText = isUtf8(prefix);
    if (isText) this.#subscriptions.add(prefix.toString());
    const { size, bytes } = this.#subscriptions;
    if (isText && size <= MAX_SUBSCRIPTIONS && bytes <= MAX_SUBSCRIPTION_BYTES) return;
    this.#flooded = true;
    this.#options.onFlood();
  }

  /** Subscriptions must be read, or they pile up inside the socket. */
  async #receiveSubscriptions(): Promise<void> {
    while (!this.#closed) {
      try {
        const [message] = await this.#socket.receive();
        if (!message || message.length === 0) continue;
        const prefix = message.subarray(1);
        if (message[0] === SUBSCRIBE) this.#subscribed(prefix);
        else this.#subscriptions.delete(prefix.toString());
      } catch (err) {
        if (this.#closed) return;
        this.#failed = true;
        this.#logger.fatal({ err }, 'the event socket failed to receive');
        return;
      }
    }
  }
}

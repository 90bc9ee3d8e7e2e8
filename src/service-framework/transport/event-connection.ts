import { Subscriber } from 'zeromq';
import { type Clock, invalidArgument, type Logger } from '../../runtime/index.js';
import { type ProtocolLimits, readEvent } from '../protocol/index.js';
import { type CurveClientOptions, checkEndpoint, curveClientSocket } from '../security/index.js';
import { monitorConnection } from './connection-monitor.js';
import type { EventListener, HostEvent, Subscription } from './transport.js';

export interface EventConnectionOptions {
  readonly endpoint: string;
  readonly limits: ProtocolLimits;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly highWaterMark: number;
  /** Absent = plain, for hosts on this machine only. */
  readonly curve?: CurveClientOptions | undefined;
}

/** One SUB socket with any number of listeners. */
export class EventConnection {
  readonly #socket: Subscriber;
  readonly #options: EventConnectionOptions;
  readonly #listeners = new Map<string, Set<EventListener>>();
  unreadable = 0;

  constructor(options: EventConnectionOptions) {
    const parsed = checkEndpoint(options.endpoint, 'events', options.curve !== undefined);
    if (parsed.port === '*') throw invalidArgument('events', options.endpoint, 'a port to connect to');
    this.#options = options;
    this.#socket = new Subscriber({
      linger: 0,
      ipv6: parsed.ipv6,
      maxMessageSize: options.limits.messageBytes,
      receiveHighWaterMark: options.highWaterMark,
      ...curveClientSocket(options.curve),
    });
    this.#watch(parsed.address);
    this.#socket.connect(parsed.address);
    void this.#receive();
  }

  subscribe(topicPrefix: string, listener: EventListener): Subscription {
    const own: EventListener = (event) => listener(event);
    let listeners = this.#listeners.get(topicPrefix);
    if (!listeners) {
      listeners = new Set();
      this.#listeners.set(topicPrefix, listeners);
      this.#socket.subscribe(topicPrefix);
    }
    listeners.add(own);
    return { close: () => this.#unsubscribe(topicPrefix, own) };
  }

  /** Events cannot fail a call, so a refusal is for the log. */
  #watch(address: string): void {
    const { clock, logger, curve } = this.#options;
    let refused = false;
    void monitorConnection(
      { socket: this.#socket, address, secured: curve !== undefined, clock, logger },
      {
        connected: () => {
          refused = false;
        },
        disconnected: () => undefined,
        refused: (why) => {
          if (!refused) logger.warn({ address, why }, 'the host refuses the subscription');
          refused = true;
        },
      },
    );
  }

  close(): void {
    this.#listeners.clear();
    this.#socket.close();
  }

  #unsubscribe(topicPrefix: string, listener: EventListener): void {
    const listeners = this.#listeners.get(topicPrefix);
    if (!listeners?.delete(listener) || listeners.size > 0) return;
    this.#listeners.delete(topicPrefix);
    if (!this.#socket.closed) this.#socket.unsubscribe(topicPrefix);
  }

  async #receive(): Promise<void> {
    while (!this.#socket.closed) {
      try {
        const [topic, envelope] = await this.#socket.receive();
        if (topic && envelope) this.#deliver(topic.toString(), envelope);
      } catch (err) {
        if (this.#socket.closed) return;
        this.#options.logger.error({ err }, 'the event socket failed to receive');
        return;
      }
    }
  }

  #deliver(topic: string, bytes: Uint8Array): void {
    const event = this.#read(topic, bytes);
    if (!event) return;
    for (const [prefix, listeners] of this.#listeners) {
      if (!topic.startsWith(prefix)) continue;
      for (const listener of listeners) {
        try {
          listener(event);
        } catch (err) {
          this.#options.logger.error({ err, topic }, 'an event listener threw');
        }
      }
    }
  }

  #read(topic: string, bytes: Uint8Array): HostEvent | undefined {
    try {
      const event = readEvent(bytes, this.#options.limits);
      const { epoch, seq, timeMs } = event;
      return { topic, epoch, seq, timeMs, body: event.decode() };
    } catch (err) {
      this.unreadable++;
      this.#options.logger.warn({ err, topic }, 'an event cannot be read');
      return undefined;
    }
  }
}

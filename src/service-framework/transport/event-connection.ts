import { Subscriber } from 'zeromq';
import { invalidArgument, type Logger } from '../../runtime/index.js';
import { type ProtocolLimits, readEvent } from '../protocol/index.js';
import { checkPlainEndpoint } from '../security/index.js';
import type { EventListener, HostEvent, Subscription } from './transport.js';

export interface EventConnectionOptions {
  readonly endpoint: string;
  readonly limits: ProtocolLimits;
  readonly logger: Logger;
  readonly highWaterMark: number;
}

/** One SUB socket with any number of listeners. */
export class EventConnection {
  readonly #socket: Subscriber;
  readonly #options: EventConnectionOptions;
  readonly #listeners = new Map<string, Set<EventListener>>();
  unreadable = 0;

  constructor(options: EventConnectionOptions) {
    const parsed = checkPlainEndpoint(options.endpoint, 'events');
    if (parsed.port === '*') throw invalidArgument('events', options.endpoint, 'a port to connect to');
    this.#options = options;
    this.#socket = new Subscriber({
      linger: 0,
      ipv6: parsed.ipv6,
      maxMessageSize: options.limits.messageBytes,
      receiveHighWaterMark: options.highWaterMark,
    });
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

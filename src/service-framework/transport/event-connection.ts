import { Subscriber } from 'zeromq';
import { type Clock, invalidArgument, type Logger, ServiceError } from '../../runtime/index.js';
import { type ProtocolLimits, readEvent } from '../protocol/index.js';
import { type CurveClientOptions, checkEndpoint, curveClientSocket } from '../security/index.js';
import { monitorConnection } from './connection-monitor.js';
import type { EventListener, HostEvent, Subscription, SubscriptionNews } from './transport.js';

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
  readonly #news = new Set<SubscriptionNews>();
  #connected = false;
  #refusal: ServiceError | undefined;
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

  subscribe(topicPrefix: string, listener: EventListener, news?: SubscriptionNews): Subscription {
    const own: EventListener = (event) => listener(event);
    let listeners = this.#listeners.get(topicPrefix);
    if (!listeners) {
      listeners = new Set();
      this.#listeners.set(topicPrefix, listeners);
      this.#socket.subscribe(topicPrefix);
    }
    listeners.add(own);
    const hears = news && { ...news };
    if (hears) {
      this.#news.add(hears);
      if (this.#connected) hears.connected?.();
      else if (this.#refusal) hears.refused?.(this.#refusal);
    }
    return {
      close: () => {
        if (hears) this.#news.delete(hears);
        this.#unsubscribe(topicPrefix, own);
      },
    };
  }

  #watch(address: string): void {
    const { endpoint, clock, logger, curve } = this.#options;
    void monitorConnection(
      { socket: this.#socket, address, secured: curve !== undefined, clock, logger },
      {
        connected: () => {
          this.#refusal = undefined;
          this.#connected = true;
          for (const news of this.#news) news.connected?.();
        },
        disconnected: () => {
          if (!this.#connected) return;
          this.#connected = false;
          for (const news of this.#news) news.disconnected?.();
        },
        refused: (why) => {
          if (this.#refusal) return;
          logger.warn({ address, why }, 'the host refuses the subscription');
          this.#refusal = new ServiceError('UNAUTHENTICATED', `events: ${endpoint}: ${why}`);
          for (const news of this.#news) news.refused?.(this.#refusal);
        },
      },
    );
  }

  close(): void {
    this.#listeners.clear();
    this.#news.clear();
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

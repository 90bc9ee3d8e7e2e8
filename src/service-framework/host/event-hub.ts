import { type Clock, invalidArgument, type Logger } from '../../runtime/index.js';
import { copyPayload, type EventListener, type HostEvent, type Subscription } from '../transport/index.js';
import { MAX_TOPIC_CHARACTERS } from './subscriptions.js';

/** Where events leave the process. */
export interface EventSink {
  /** Whether anyone there hears the topic; if not, the event need not be encoded. */
  hears(topic: string): boolean;
  send(event: HostEvent): void;
}

export interface EventHubOptions {
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Numbers events per topic and hands them to the listeners in this process and to the socket. */
export class EventHub {
  /** One life of the host: its start in Unix ms, so that a later life has a later epoch. */
  readonly epoch: number;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #seqs = new Map<string, number>();
  readonly #listeners = new Map<string, Set<EventListener>>();
  #sink: EventSink | undefined;
  published = 0;

  constructor(options: EventHubOptions) {
    this.#clock = options.clock;
    this.#logger = options.logger;
    this.epoch = Math.floor(options.clock.nowMs());
  }

  /** @param sink undefined takes the present one away */
  connect(sink: EventSink | undefined): void {
    this.#sink = sink;
  }

  /** Never throws: news must not break the work it is about. What cannot be sent is logged. */
  publish(topic: string, body: unknown): void {
    try {
      if (typeof topic !== 'string' || topic.length === 0 || topic.length > MAX_TOPIC_CHARACTERS)
        throw invalidArgument('topic', topic, `a string of 1 to ${MAX_TOPIC_CHARACTERS} characters`);
      const seq = (this.#seqs.get(topic) ?? 0) + 1;
      const event = { topic, epoch: this.epoch, seq, timeMs: this.#clock.nowMs(), body };
      const listeners = this.#listenersOf(topic);
      const sink = this.#sink?.hears(topic) ? this.#sink : undefined;
      const copy = listeners.length > 0 ? { ...event, body: copyPayload(body) } : undefined;
      sink?.send(event);
      this.#seqs.set(topic, seq);
      this.published++;
      // Later, so that a listener never runs inside the code that publishes.
      if (copy) queueMicrotask(() => this.#deliver(copy, listeners));
    } catch (err) {
      this.#logger.error({ err, topic }, 'an event could not be published');
    }
  }

  subscribe(topicPrefix: string, listener: EventListener): Subscription {
    // One entry a subscription, also when the same function listens twice.
    const own: EventListener = (event) => listener(event);
    const listeners = this.#listeners.get(topicPrefix) ?? new Set();
    this.#listeners.set(topicPrefix, listeners.add(own));
    return {
      close: () => {
        listeners.delete(own);
        if (listeners.size === 0 && this.#listeners.get(topicPrefix) === listeners)
          this.#listeners.delete(topicPrefix);
      },
    };
  }

  #listenersOf(topic: string): EventListener[] {
    const found: EventListener[] = [];
    for (const [prefix, listeners] of this.#listeners) if (topic.startsWith(prefix)) found.push(...listeners);
    return found;
  }

  #deliver(event: HostEvent, listeners: readonly EventListener[]): void {
    for (const listener of listeners) {
      try {
        listener(event);
      } catch (err) {
        this.#logger.error({ err, topic: event.topic }, 'an event listener threw');
      }
    }
  }
}

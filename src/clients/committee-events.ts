import type { AnomalyAlert, Decision, TradeFeedback, Vote } from '../ml-service/index.js';
import type { BaseClient, ClientEvent, Subscription } from '../service-framework/index.js';
import type { Plain } from './typed-client.js';

/** What comes with every event; `missed` says how many of its topic were lost just before it. */
export type EventPlace = Omit<ClientEvent, 'body'>;

export type CommitteeListener<T> = (body: Plain<T>, place: EventPlace) => void;

/** Subscribes to what a committee publishes, by kind and symbol. */
export class CommitteeEvents {
  readonly #client: BaseClient;

  /** @param client one that was given the service's events endpoint */
  constructor(client: BaseClient) {
    this.#client = client;
  }

  onVote(symbol: string, listener: CommitteeListener<Vote>): Subscription {
    return this.#on(`vote.${symbol}`, listener);
  }

  onDecision(symbol: string, listener: CommitteeListener<Decision>): Subscription {
    return this.#on(`decision.${symbol}`, listener);
  }

  onAlert(symbol: string, listener: CommitteeListener<AnomalyAlert>): Subscription {
    return this.#on(`alert.${symbol}`, listener);
  }

  onOutcome(symbol: string, listener: CommitteeListener<TradeFeedback>): Subscription {
    return this.#on(`outcome.${symbol}`, listener);
  }

  #on<T>(topic: string, listener: CommitteeListener<T>): Subscription {
    return this.#client.subscribe(topic, ({ body, ...place }) => listener(body as Plain<T>, place));
  }
}

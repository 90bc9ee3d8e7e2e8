import type { AnomalyAlert, Decision, TradeFeedback } from '../ml-service/index.js';
import {
  BaseClient,
  type CallOptions,
  type ClientOptions,
  type Subscription,
} from '../service-framework/index.js';
import { CommitteeEvents, type CommitteeListener } from './committee-events.js';
import { JournalClient, PostTradeClient, RlClient, VotingServiceClient } from './stubs.js';
import type { RequestOf, ResponseOf } from './typed-client.js';

/**
 * All a strategy needs: ask, trade, report.
 *
 * @example
 * const committee = new CommitteeClient({ endpoint: 'tcp://127.0.0.1:7400' });
 * const decision = await committee.predict({ symbol: 'ETH/USD', timeframe: '5m', candles });
 * // … trade …
 * await committee.reportTrade({ decisionId: decision.decisionId, side: 'buy', … });
 */
export class CommitteeClient {
  readonly voting: VotingServiceClient;
  readonly rl: RlClient;
  readonly postTrade: PostTradeClient;
  readonly journal: JournalClient;
  readonly #client: BaseClient;
  readonly #events: CommitteeEvents;

  /**
   * @param options `endpoint` (or several) of the service; `events` too for the `on…` methods
   * @throws ServiceError INVALID_ARGUMENT, FAILED_PRECONDITION for an endpoint outside this machine
   */
  constructor(options: ClientOptions) {
    this.#client = new BaseClient(options);
    this.voting = new VotingServiceClient(this.#client);
    this.rl = new RlClient(this.#client);
    this.postTrade = new PostTradeClient(this.#client);
    this.journal = new JournalClient(this.#client);
    this.#events = new CommitteeEvents(this.#client);
  }

  /** "What now?" */
  predict(
    question: RequestOf<'voting.predict'>,
    options?: CallOptions,
  ): Promise<ResponseOf<'voting.predict'>> {
    return this.voting.predict(question, options);
  }

  /**
   * Reports what became of a decision. It is learned exactly once: the default key is the decision's id, so a
   * strategy may report again after any failure, also after its own restart.
   */
  reportTrade(
    trade: RequestOf<'post_trade.analyze'>,
    options: CallOptions = {},
  ): Promise<ResponseOf<'post_trade.analyze'>> {
    return this.postTrade.analyze(trade, { ...options, key: options.key ?? `trade:${trade.decisionId}` });
  }

  /** A decision with its outcome and the reasons in words. */
  explain(decisionId: string, options?: CallOptions): Promise<ResponseOf<'rl.explain'>> {
    return this.rl.explain(decisionId, options);
  }

  /** The decider's state in short. */
  status(options?: CallOptions): Promise<ResponseOf<'rl.status'>> {
    return this.rl.status(options);
  }

  /** The members of the committee. */
  experts(options?: CallOptions): Promise<ResponseOf<'voting.experts'>> {
    return this.voting.experts(options);
  }

  onDecision(symbol: string, listener: CommitteeListener<Decision>): Subscription {
    return this.#events.onDecision(symbol, listener);
  }

  onAlert(symbol: string, listener: CommitteeListener<AnomalyAlert>): Subscription {
    return this.#events.onAlert(symbol, listener);
  }

  onOutcome(symbol: string, listener: CommitteeListener<TradeFeedback>): Subscription {
    return this.#events.onOutcome(symbol, listener);
  }

  /** Ends the connection; calls still running are rejected. */
  close(): Promise<void> {
    return this.#client.close();
  }
}

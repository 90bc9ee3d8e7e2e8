import {
  BaseHandler,
  Command,
  type HandlerHealth,
  type RequestContext,
} from '../../service-framework/index.js';
import type { DeciderService } from '../decider/index.js';
import {
  Decision,
  DecisionQuery,
  Explanation,
  Learned,
  RlStatus,
  TradeFeedback,
  VoteTally,
} from '../dto/index.js';

/** The name of the one decider of a service, as in the topic `policy.<decider>`. */
export const DECIDER_ID = 'default';

/** The learning decider's commands. */
export class RlHandler extends BaseHandler {
  readonly #decider: DeciderService;

  constructor(decider: DeciderService) {
    super();
    this.#decider = decider;
  }

  @Command('rl.decide', {
    request: VoteTally,
    response: Decision,
    summary: 'Decides on a tally of votes and records the decision',
  })
  decide(tally: VoteTally): Promise<Decision> {
    return this.#decider.decide(tally);
  }

  @Command('rl.learn', {
    request: TradeFeedback,
    response: Learned,
    key: 'required',
    summary: 'Learns the outcome of a decision, exactly once',
  })
  async learn(feedback: TradeFeedback, context: RequestContext): Promise<Learned> {
    const learned = await this.#decider.learn(feedback, context.idempotency);
    const { symbol } = this.#decider.decision(feedback.decisionId);
    context.publish(`outcome.${symbol}`, { ...feedback, ...learned });
    const { policyVersion, outcomes } = this.#decider.status();
    context.publish(`policy.${DECIDER_ID}`, { ...learned, policyVersion, outcomes });
    return learned;
  }

  @Command('rl.status', {
    response: RlStatus,
    summary: 'State hash, policy version and what is known of each expert',
  })
  status(): RlStatus {
    return this.#decider.status();
  }

  @Command('rl.explain', {
    request: DecisionQuery,
    response: Explanation,
    summary: 'A decision with its outcome and the reasons in words',
  })
  explain(query: DecisionQuery): Explanation {
    return this.#decider.explain(query.decisionId);
  }

  override health(): HandlerHealth {
    const failure = this.#decider.failure;
    return failure ? { ready: false, detail: failure.message } : { ready: true };
  }
}

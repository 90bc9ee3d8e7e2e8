import {
  BaseHandler,
  Command,
  type HandlerHealth,
  type HandlerHost,
  type RequestContext,
} from '../../service-framework/index.js';
import type { DeciderService } from '../decider/index.js';
import {
  CreditReport,
  Decision,
  DecisionQuery,
  Explanation,
  FreezeRequest,
  Learned,
  PolicyChanged,
  PolicyVersion,
  PromoteRequest,
  RlStatus,
  RollbackRequest,
  TradeFeedback,
  VoteTally,
} from '../dto/index.js';

/** The name of the one decider of a service, as in the topic `policy.<decider>`. */
export const DECIDER_ID = 'default';

/** Part of a request's time that is left over when the walk for credit stops where it is. */
const CREDIT_SHARE = 0.3;

/** What an operator may do to the policy in force: once for each key, and answered alike. */
const CHANGES_POLICY = { response: PolicyChanged, key: 'required', roles: ['admin'] } as const;

/** The learning decider's commands. */
export class RlHandler extends BaseHandler {
  readonly #decider: DeciderService;
  #stopNews: () => void = () => undefined;

  constructor(decider: DeciderService) {
    super();
    this.#decider = decider;
  }

  /** From here on alarms and changes of the policy are published. */
  override async start(host: HandlerHost): Promise<void> {
    this.#stopNews = this.#decider.onNews((news) => host.publish(`policy.${DECIDER_ID}`, news));
  }

  override async stop(): Promise<void> {
    this.#stopNews();
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

  @Command('rl.credit', {
    response: CreditReport,
    roles: ['observer', 'trader', 'admin'],
    summary: 'League table of the experts: worth, hits, edge by regime, calibration, herding',
  })
  credit(_payload: undefined, context: RequestContext): Promise<CreditReport> {
    const enoughMs = context.remainingMs() * CREDIT_SHARE;
    return this.#decider.credit(() => context.signal.aborted || context.remainingMs() < enoughMs);
  }

  @Command('rl.versions', {
    response: PolicyVersion,
    responseArray: true,
    summary: 'Every version of the policy and what it was made from; the one in force is the last',
  })
  versions(): PolicyVersion[] {
    return this.#decider.versions();
  }

  @Command('rl.rollback', {
    ...CHANGES_POLICY,
    request: RollbackRequest,
    summary: 'Goes back to the policy as it was after a record, or at the beginning of a version',
  })
  rollback(request: RollbackRequest, context: RequestContext): Promise<PolicyChanged> {
    return this.#decider.rollback(request, context.idempotency);
  }

  @Command('rl.freeze', {
    ...CHANGES_POLICY,
    request: FreezeRequest,
    summary: 'Records outcomes without learning them, or learns again',
  })
  freeze(request: FreezeRequest, context: RequestContext): Promise<PolicyChanged> {
    return this.#decider.freeze(request, context.idempotency);
  }

  @Command('rl.promote', {
    ...CHANGES_POLICY,
    request: PromoteRequest,
    summary: "Puts a challenger in the champion's place",
  })
  promote(request: PromoteRequest, context: RequestContext): Promise<PolicyChanged> {
    return this.#decider.promote(request, context.idempotency);
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
    if (failure) return { ready: false, detail: failure.message };
    const alarms = this.#decider.alarms();
    return alarms.length === 0 ? { ready: true } : { ready: true, detail: { alarms } };
  }
}

import { type ServiceError, sleep } from '../../runtime/index.js';
import type { Idempotency } from '../../service-framework/index.js';
import {
  type CreditReport,
  Decision,
  type Explanation,
  type FreezeRequest,
  type Learned,
  type Marked,
  type MarkRequest,
  type PolicyChanged,
  type PolicyVersion,
  type PromoteRequest,
  type RlStatus,
  type RollbackRequest,
  type TradeFeedback,
  type VoteTally,
} from '../dto/index.js';
import { CreditWalk } from './credit/index.js';
import { explanationOf } from './explanation.js';
import { type MarkedOutcome, OutcomeDesk } from './outcome-desk.js';
import { PolicyDesk, type PolicyNews } from './policy-desk.js';
import type { DecisionRecord } from './records.js';
import { type DeciderServiceOptions, StateKeeper } from './state-keeper.js';

/** Records of the credit walk between two looks at other requests: some tens of milliseconds. */
const CREDIT_SLICE = 256;

/**
 * Decides, learns and remembers. Every change of state is a journal record first: a decision is answered once it
 * survives the process, an outcome once it survives a power cut.
 */
export class DeciderService {
  readonly #keeper: StateKeeper;
  readonly #policy: PolicyDesk;
  readonly #outcomes: OutcomeDesk;
  #credit: CreditWalk;

  private constructor(keeper: StateKeeper) {
    this.#keeper = keeper;
    this.#policy = new PolicyDesk(keeper);
    this.#outcomes = new OutcomeDesk(keeper, this.#policy);
    this.#credit = new CreditWalk(keeper.journal);
    // Records it has seen may be gone.
    keeper.onRebuilt(() => {
      this.#credit = new CreditWalk(keeper.journal);
    });
  }

  /**
   * Rebuilds the state from the journal, and journals the configuration where it is a new one.
   * @throws ServiceError DATA_LOSS when the journal does not lead to the state it says
   */
  static async open(options: DeciderServiceOptions): Promise<DeciderService> {
    const service = new DeciderService(await StateKeeper.open(options));
    // A crash may have come between an outcome and what the rules made of it.
    service.#policy.obeyRules();
    return service;
  }

  /** Answers a tally; resolves once the decision survives the death of the process. */
  async decide(tally: VoteTally): Promise<Decision> {
    this.#keeper.refuseAfterFailure();
    const costs = tally.costs ?? this.#keeper.options.defaultCosts;
    const seq = this.#keeper.journal.lastSeq + 1;
    const answer = this.#keeper.fold.answer(tally, costs, seq);
    const record: DecisionRecord = {
      decisionId: `${this.#keeper.journal.id.slice(0, 12)}-${seq}`,
      symbol: tally.symbol,
      timeframe: tally.timeframe,
      session: tally.session,
      strategy: tally.strategy ?? 'default',
      asOfMs: tally.asOfMs,
      ...answer,
      costs,
      tally,
    };
    const appended = this.#keeper.append({ kind: 'decision', subject: record.decisionId, body: record });
    const decidedMs = this.#keeper.options.clock.nowMs();
    this.#keeper.source.remember(record, decidedMs);
    this.#outcomes.opened(record, decidedMs);
    await appended.durable;
    const {
      costs: _costs,
      greedy: _greedy,
      mixture: _mixture,
      guardrail: _rail,
      shadows: _shadows,
      ...said
    } = record;
    return Object.assign(new Decision(), said, { seq: appended.seq });
  }

  /** See {@link OutcomeDesk.learn}. */
  learn(feedback: TradeFeedback, idempotency: Idempotency | undefined): Promise<Learned> {
    return this.#outcomes.learn(feedback, idempotency);
  }

  /** See {@link OutcomeDesk.mark}. */
  mark(
    request: MarkRequest,
    idempotency: Idempotency | undefined,
  ): Promise<Marked & { readonly outcomes: readonly MarkedOutcome[] }> {
    return this.#outcomes.mark(request, idempotency);
  }

  /** See {@link PolicyDesk.rollback}. */
  rollback(request: RollbackRequest, idempotency: Idempotency | undefined): Promise<PolicyChanged> {
    return this.#policy.rollback(request, idempotency);
  }

  /** See {@link PolicyDesk.freeze}. */
  freeze(request: FreezeRequest, idempotency: Idempotency | undefined): Promise<PolicyChanged> {
    return this.#policy.freeze(request, idempotency);
  }

  /** See {@link PolicyDesk.promote}. */
  promote(request: PromoteRequest, idempotency: Idempotency | undefined): Promise<PolicyChanged> {
    return this.#policy.promote(request, idempotency);
  }

  /** Every version of the policy, the one in force last. */
  versions(): PolicyVersion[] {
    return this.#policy.versions();
  }

  /** Tells of alarms and of changes of the policy. Returns the way to stop. */
  onNews(listener: (news: PolicyNews) => void): () => void {
    return this.#policy.onNews(listener);
  }

  /** @throws ServiceError NOT_FOUND for a decision never given here */
  decision(decisionId: string): DecisionRecord {
    return this.#keeper.decision(decisionId);
  }

  /**
   * The league table of the experts. The first time it goes through the whole journal, later only through what is new;
   * in slices, so that other requests are answered meanwhile.
   * @param until whether to stop early; what was not reached is taken into account the next time
   */
  async credit(until: () => boolean): Promise<CreditReport> {
    const walk = this.#credit;
    while (walk.advance(CREDIT_SLICE) === CREDIT_SLICE && !until())
      await sleep(this.#keeper.options.clock, 0);
    return walk.report();
  }

  /** A decision with its outcome, if any, and the reasons in words. */
  explain(decisionId: string): Explanation {
    return explanationOf(this.#keeper.journal, decisionId);
  }

  status(): RlStatus {
    return {
      stateHash: this.#keeper.fold.stateHash,
      seq: this.#keeper.journal.lastSeq,
      policyVersion: this.#keeper.fold.policyVersion,
      outcomes: this.#keeper.fold.outcomes,
      experts: this.#keeper.fold.experts().map(({ slot, awake, outcomes, weight, hitRate }) => ({
        expert: slot.slice(0, slot.lastIndexOf('@')),
        slot,
        awake,
        outcomes,
        weight,
        hitRate,
      })),
      version: this.#keeper.fold.versions.length,
      frozen: this.#keeper.fold.frozen,
      alarms: this.#policy.alarms(),
      drawdownBps: this.#keeper.fold.policies.watch.drawdownBps,
      challengers: this.#policy.challengers(),
      agreement: this.#policy.agreement(),
    };
  }

  /** What a person should look at: `model_disagreement`, `drift`, `promotion_due`. */
  alarms(): string[] {
    return this.#policy.alarms();
  }

  /** Why it cannot decide at present, if so. */
  get failure(): ServiceError | undefined {
    return this.#keeper.failure;
  }

  /** Leaves a checkpoint behind, so that the next start has little to replay. */
  close(): Promise<void> {
    return this.#keeper.close();
  }
}

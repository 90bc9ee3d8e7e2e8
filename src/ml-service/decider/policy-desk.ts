import { invalidArgument, ServiceError } from '../../runtime/index.js';
import type { Idempotency } from '../../service-framework/index.js';
import {
  type ChallengerStatus,
  type FreezeRequest,
  type ModelAgreement,
  type PolicyChanged,
  PolicyVersion,
  type PromoteRequest,
  type RollbackRequest,
} from '../dto/index.js';
import type { Appended, AppendRequest } from '../journal/index.js';
import type { PolicyChange } from './policy-change.js';
import type { PolicyRecord, RollbackRecord } from './records.js';
import type { StateKeeper } from './state-keeper.js';

/** Recorded where the operator gives none. */
const NO_REASON = 'asked for';

/** Something that a person should hear of. */
export interface PolicyNews {
  readonly alarm?: string;
  readonly change?: RollbackRecord | PolicyRecord;
  readonly seq: number;
}

/** Changes the policy in force: by word of an operator, or by rule. Every change is a record of the journal. */
export class PolicyDesk {
  readonly #keeper: StateKeeper;
  readonly #listeners = new Set<(news: PolicyNews) => void>();
  readonly #raised = new Set<string>();

  constructor(keeper: StateKeeper) {
    this.#keeper = keeper;
  }

  /**
   * Goes back to the policy as it was.
   * @throws ServiceError INVALID_ARGUMENT, NOT_FOUND for a record or version that does not exist
   */
  async rollback(request: RollbackRequest, idempotency: Idempotency | undefined): Promise<PolicyChanged> {
    const { lastSeq } = this.#keeper.journal;
    const version = this.#keeper.fold.versions.find((known) => known.version === request.version);
    if (request.version !== undefined && !version)
      throw new ServiceError('NOT_FOUND', `version: no version ${request.version} of the policy`, {
        field: 'version',
      });
    const toSeq = version?.seq ?? request.toSeq ?? lastSeq;
    if (toSeq > lastSeq) throw invalidArgument('toSeq', toSeq, `the number of a record, 0 to ${lastSeq}`);
    const body = { toSeq, cause: 'operator' as const, reason: request.reason ?? NO_REASON };
    return this.#change({ kind: 'rollback', body }, 'rl.rollback', idempotency);
  }

  /** From here on outcomes are recorded without being learned, or learned again; while frozen no rule acts. */
  async freeze(
    { frozen, reason }: FreezeRequest,
    idempotency: Idempotency | undefined,
  ): Promise<PolicyChanged> {
    const body = { change: 'freeze' as const, frozen, reason: reason ?? NO_REASON };
    return this.#change({ kind: 'policy', body }, 'rl.freeze', idempotency);
  }

  /**
   * Puts a challenger in the champion's place.
   * @throws ServiceError NOT_FOUND for a name that no challenger has
   */
  async promote(
    { challenger, reason }: PromoteRequest,
    idempotency: Idempotency | undefined,
  ): Promise<PolicyChanged> {
    if (!this.#keeper.fold.policies.challengers.some(({ name }) => name === challenger))
      throw new ServiceError('NOT_FOUND', `challenger: no challenger "${challenger}"`, {
        field: 'challenger',
      });
    const formerName = `version-${this.#keeper.fold.versions.length}`;
    const body = { change: 'promotion' as const, challenger, formerName, reason: reason ?? NO_REASON };
    return this.#change({ kind: 'policy', body }, 'rl.promote', idempotency);
  }

  /** Every version of the policy, the one in force last. */
  versions(): PolicyVersion[] {
    return this.#keeper.fold.versions.map((version) => Object.assign(new PolicyVersion(), version));
  }

  /** Tells of alarms and of changes of the policy. Returns the way to stop. */
  onNews(listener: (news: PolicyNews) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** How the challengers do against the champion. */
  challengers(): ChallengerStatus[] {
    return this.#keeper.fold.policies.challengers.map(({ name, decider, contest }) => {
      const { low, high } = contest.interval();
      return {
        name,
        policyVersion: decider.policyVersion,
        compared: contest.count,
        meanBps: contest.mean,
        lowBps: low,
        highBps: high,
      };
    });
  }

  /** The counterfactual model against what trades really earned. */
  agreement(): ModelAgreement {
    const { alarm: _alarm, ...agreement } = this.#keeper.fold.agreement;
    return agreement;
  }

  /** What a person should look at. */
  alarms(): string[] {
    const { watch, challengers, life } = this.#keeper.fold.policies;
    const better = challengers.some(({ contest }) => contest.interval().low > 0);
    return [
      ...(this.#keeper.fold.agreement.alarm ? ['model_disagreement'] : []),
      ...(watch.drift ? ['drift'] : []),
      ...(better && (!life.promotion.automatic || this.#keeper.fold.frozen) ? ['promotion_due'] : []),
    ];
  }

  /** Changes the policy in memory, then in the journal. */
  async #change(
    change: PolicyChange,
    command: string,
    idempotency: Idempotency | undefined,
  ): Promise<PolicyChanged> {
    this.#keeper.refuseAfterFailure();
    const keyed = idempotency === undefined ? {} : { idempotency: { command, ...idempotency } };
    const { appended, body } = this.#applyChange(change, keyed);
    await appended.durable;
    return { seq: appended.seq, stateHash: body.stateHash, policyVersion: body.policyVersion };
  }

  #applyChange(
    change: PolicyChange,
    keyed: Pick<AppendRequest, 'idempotency'>,
  ): { readonly appended: Appended; readonly body: RollbackRecord | PolicyRecord } {
    const timeMs = this.#keeper.options.clock.nowMs();
    try {
      const body = this.#keeper.fold.change(change, { seq: this.#keeper.journal.lastSeq + 1, timeMs });
      const appended = this.#keeper.journal.append({ kind: change.kind, timeMs, body, ...keyed });
      this.#keeper.checkpointWhenDue(appended);
      this.#tell({ change: body, seq: appended.seq });
      return { appended, body };
    } catch (thrown) {
      this.#keeper.rebuild();
      throw thrown;
    }
  }

  /** Carries out what the rules want, as a record of its own; whoever waits for an outcome need not wait for it. */
  obeyRules(): void {
    const change = this.#keeper.fold.due();
    if (change) {
      this.#keeper.options.logger.warn({ ...change.body }, `policy: ${change.kind} by rule`);
      try {
        this.#applyChange(change, {});
      } catch (thrown) {
        // The outcome stands; the rule is looked at again after the next one.
        this.#keeper.options.logger.warn({ err: thrown }, 'policy: the rule could not be carried out yet');
      }
    }
    this.raiseAlarms();
  }

  /** Tells of alarms that were not there before. */
  raiseAlarms(): void {
    const alarms = this.alarms();
    for (const alarm of alarms) {
      if (this.#raised.has(alarm)) continue;
      this.#keeper.options.logger.warn({ alarm, ...this.agreement() }, `decider: ${alarm}`);
      this.#tell({ alarm, seq: this.#keeper.journal.lastSeq });
    }
    this.#raised.clear();
    for (const alarm of alarms) this.#raised.add(alarm);
  }

  #tell(news: PolicyNews): void {
    for (const listener of this.#listeners) listener(news);
  }
}

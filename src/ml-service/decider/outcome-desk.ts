import type { Idempotency } from '../../service-framework/index.js';
import { type Learned, type Marked, type MarkRequest, type RewardsBps, TradeFeedback } from '../dto/index.js';
import type { Appended } from '../journal/index.js';
import { checkAfterDecision, checkInTime, checkReplaces, isLearnable } from './admission.js';
import { markedRewards, priceSeriesOf } from './marking.js';
import { OpenDecisions } from './open-decisions.js';
import { outcomeOf } from './outcomes-of.js';
import type { PolicyDesk } from './policy-desk.js';
import type {
  CorrectionRecord,
  DecisionRecord,
  FeedbackRecord,
  MarkRecord,
  ModelComparison,
} from './records.js';
import type { StateKeeper } from './state-keeper.js';

const DEFAULT_OUTCOME_TTL_MS = 30 * 86_400_000;
/** Records looked through for decisions that are still open; what is older is not marked any more. */
const MARK_WINDOW_RECORDS = 200_000;

/** An outcome that marking made. */
export interface MarkedOutcome {
  readonly feedback: FeedbackRecord;
  readonly symbol: string;
  readonly seq: number;
}

/** Takes outcomes: reported, corrected, or told from market data. */
export class OutcomeDesk {
  readonly #keeper: StateKeeper;
  readonly #policy: PolicyDesk;
  readonly #ttlMs: number;
  #open: OpenDecisions | undefined;

  constructor(keeper: StateKeeper, policy: PolicyDesk) {
    this.#keeper = keeper;
    this.#policy = policy;
    this.#ttlMs = keeper.options.outcomeTtlMs ?? DEFAULT_OUTCOME_TTL_MS;
    keeper.onRebuilt(() => {
      this.#open = undefined;
    });
  }

  /** A decision was made whose outcome is waited for. */
  opened(decision: DecisionRecord, decidedMs: number): void {
    this.#open?.add(decision, decidedMs);
  }

  /**
   * Learns the outcome of a decision, once; resolves when it survives a power cut. With `corrects` it takes the place
   * of the outcome in that record, as if it had been this one from the start.
   * @throws ServiceError NOT_FOUND for a decision never given here; ALREADY_EXISTS when it has its outcome; CONFLICT
   *   when it corrects an outcome that is not in force; FAILED_PRECONDITION when its time is over
   */
  async learn(feedback: TradeFeedback, idempotency: Idempotency | undefined): Promise<Learned> {
    this.#keeper.refuseAfterFailure();
    const { marked: _marked, ...reported } = feedback;
    const { appended, body } = this.#take(Object.assign(new TradeFeedback(), reported), idempotency);
    this.#keeper.checkpointWhenDue(appended);
    this.#policy.obeyRules();
    await appended.durable;
    return {
      learned: body.learned,
      seq: appended.seq,
      stateHash: body.stateHash,
      ...('corrects' in body ? { corrects: body.corrects } : {}),
    };
  }

  /**
   * Gives every open decision of a stream whose horizon lies within the data its outcome, what each action would have
   * earned net of the question's costs; resolves when all of them survive a power cut. Outcomes that were reported
   * already stay, and are compared with what the market says.
   * @throws ServiceError INVALID_ARGUMENT for data without prices
   */
  async mark(
    request: MarkRequest,
    idempotency: Idempotency | undefined,
  ): Promise<Marked & { readonly outcomes: readonly MarkedOutcome[] }> {
    this.#keeper.refuseAfterFailure();
    const series = priceSeriesOf(request);
    const outcomes: MarkedOutcome[] = [];
    const compared: ModelComparison[] = [];
    let open = 0;
    for (const candidate of this.#openDecisions().of(request, this.#keeper.options.clock.nowMs())) {
      const { decision } = candidate;
      const rewards = markedRewards(candidate, series);
      if (!rewards) {
        open += 1;
        continue;
      }
      const known = outcomeOf(this.#keeper.journal, decision.decisionId);
      if (known) {
        const comparison = comparisonOf(decision.decisionId, rewards, known.outcome);
        if (comparison) compared.push(comparison);
        this.#openDecisions().settle(decision.decisionId);
        continue;
      }
      const { appended, body } = this.#take(markOf(decision, rewards), undefined);
      this.#keeper.checkpointWhenDue(appended);
      this.#policy.obeyRules();
      outcomes.push({ feedback: body, symbol: decision.symbol, seq: appended.seq });
    }
    const body: MarkRecord = {
      symbol: request.symbol,
      marked: outcomes.map(({ feedback }) => feedback.decisionId),
      open,
      compared,
    };
    const keyed =
      idempotency === undefined ? {} : { idempotency: { command: 'post_trade.mark', ...idempotency } };
    const appended = this.#keeper.append({ kind: 'outcome', subject: request.symbol, body, ...keyed });
    this.#keeper.fold.compare(compared);
    this.#policy.raiseAlarms();
    await appended.durable;
    return { marked: [...body.marked], open, compared: compared.length, seq: appended.seq, outcomes };
  }

  /** Checks an outcome, learns it in memory and journals it. */
  #take(
    feedback: TradeFeedback,
    idempotency: Idempotency | undefined,
  ): { readonly appended: Appended; readonly body: FeedbackRecord | CorrectionRecord } {
    const { decisionId } = feedback;
    const decision = this.#keeper.decision(decisionId);
    const { clock } = this.#keeper.options;
    const nowMs = clock.nowMs();
    checkInTime(decision, this.#keeper.source.decidedMs(decisionId) ?? nowMs, nowMs, this.#ttlMs);
    if (feedback.trade) checkAfterDecision(feedback.trade, decision);
    const known = checkReplaces(feedback, outcomeOf(this.#keeper.journal, decisionId));
    const seq = this.#keeper.journal.lastSeq + 1;
    const frozen = known ? this.#keeper.fold.frozenAt(known.place) : this.#keeper.fold.frozen;
    const { learned: _learned, seq: _seq, stateHash: _hash, corrects: _corrects, ...said } = feedback;
    const entry = {
      ...said,
      takenAction: feedback.takenAction ?? decision.action,
      learned: !frozen && isLearnable(feedback, decision),
    };
    // Memory learns first; when kernel or journal refuse, it goes back to what the journal holds.
    try {
      if (!known) {
        const body = { ...entry, stateHash: this.#keeper.fold.learn(decision, entry, seq) };
        const appended = this.#appendOutcome('feedback', body, idempotency);
        if (entry.marked !== true && entry.takenAction === 'hold') this.#open?.settle(decisionId);
        return { appended, body };
      }
      const compared =
        known.outcome.marked === true && known.outcome.rewardsBps
          ? comparisonOf(decisionId, known.outcome.rewardsBps, entry)
          : undefined;
      const correction = {
        ...entry,
        corrects: known.seq,
        place: known.place,
        ...(compared === undefined ? {} : { compared }),
      };
      const body = { ...correction, stateHash: this.#keeper.fold.correct(seq, correction) };
      const appended = this.#appendOutcome('correction', body, idempotency);
      this.#open?.settle(decisionId);
      return { appended, body };
    } catch (thrown) {
      this.#keeper.rebuild();
      throw thrown;
    }
  }

  #appendOutcome(
    kind: 'feedback' | 'correction',
    body: FeedbackRecord | CorrectionRecord,
    idempotency: Idempotency | undefined,
  ): Appended {
    const keyed = idempotency === undefined ? {} : { idempotency: { command: 'rl.learn', ...idempotency } };
    return this.#keeper.append({ kind, subject: body.decisionId, body, ...keyed });
  }

  /** Read from the journal when first asked for: a service that never marks need not keep them. */
  #openDecisions(): OpenDecisions {
    if (this.#open) return this.#open;
    const open = new OpenDecisions(this.#ttlMs);
    const fromSeq = Math.max(1, this.#keeper.journal.lastSeq - MARK_WINDOW_RECORDS);
    for (const record of this.#keeper.journal.read({ fromSeq, kinds: ['decision'] })) {
      open.add(record.body as DecisionRecord, record.timeMs);
    }
    for (const record of this.#keeper.journal.read({
      fromSeq,
      kinds: ['outcome', 'feedback', 'correction'],
    })) {
      if (record.kind === 'outcome') {
        for (const { decisionId } of (record.body as MarkRecord).compared) open.settle(decisionId);
        continue;
      }
      const { decisionId, marked, takenAction } = record.body as FeedbackRecord;
      // A trade that was reported is still to be compared with the market.
      if (record.kind === 'correction' || marked === true || takenAction === 'hold') open.settle(decisionId);
    }
    this.#open = open;
    return open;
  }
}

/** What a mark says of a decision. */
function markOf(decision: DecisionRecord, rewardsBps: RewardsBps): TradeFeedback {
  const { decisionId, action } = decision;
  return Object.assign(new TradeFeedback(), {
    decisionId,
    feedbackKind: 'full' as const,
    realisedBps: rewardsBps[action],
    rewardsBps,
    takenAction: action,
    marked: true,
  });
}

/** Model and reality of a trade; nothing is to be compared where none was made, or both are the model's. */
function comparisonOf(
  decisionId: string,
  rewards: RewardsBps,
  outcome: Pick<FeedbackRecord, 'takenAction' | 'realisedBps' | 'marked'>,
): ModelComparison | undefined {
  const { takenAction, realisedBps, marked } = outcome;
  if (takenAction === 'hold' || marked === true) return undefined;
  return { decisionId, modelBps: rewards[takenAction], realisedBps };
}

import { isDeepStrictEqual } from 'node:util';
import { Decider, type DeciderConfig } from '../../fastcalc/index.js';
import { type Clock, type Logger, ServiceError } from '../../runtime/index.js';
import type { Costs } from '../dto/index.js';
import type { Appended, AppendRequest, Checkpoint, Journal } from '../journal/index.js';
import { DecisionSource } from './decision-source.js';
import { checkExploration } from './exploration.js';
import { DeciderFold } from './fold.js';
import { STRUCTURAL_KINDS } from './ledger.js';
import { DEFAULT_LIFE, type LifeSettings } from './life-settings.js';
import type { ConfigurationRecord, DecisionRecord, ExplorationPolicy } from './records.js';

/** Everything that the state is made of. */
const FOLDED_KINDS = [...STRUCTURAL_KINDS, 'feedback', 'outcome'];

export interface DeciderServiceOptions {
  readonly journal: Journal;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly decider?: Partial<DeciderConfig>;
  readonly exploration?: ExplorationPolicy;
  /** What trading costs where a question does not say. */
  readonly defaultCosts: Costs;
  /** Outcomes between two checkpoints. */
  readonly checkpointEvery: number;
  /** How long after its horizon the outcome of a decision is waited for, milliseconds; 30 days when not said. */
  readonly outcomeTtlMs?: number;
  /** Challengers, promotion, rollback. */
  readonly life?: LifeSettings;
}

/**
 * The decider's state in memory, kept equal to what the journal holds: rebuilt at the start and after refused records,
 * checkpointed on the way.
 */
export class StateKeeper {
  readonly options: DeciderServiceOptions;
  readonly journal: Journal;
  readonly source: DecisionSource;
  readonly #rebuilt = new Set<() => void>();
  #fold: DeciderFold;
  #sinceCheckpoint = 0;
  #checkpointing: Promise<void> = Promise.resolve();
  #failure: ServiceError | undefined;

  private constructor(options: DeciderServiceOptions) {
    this.options = options;
    this.journal = options.journal;
    this.source = new DecisionSource(options.journal, options.journal);
    this.#fold = new DeciderFold(this.source);
    // Called before the lost appends reject, so that nothing is answered from a state that never was.
    this.journal.onFailure(({ kind, error, durableSeq }) => {
      if (kind === 'failed') {
        this.#failure = error;
        options.logger.error(
          { err: error },
          'the journal failed; nothing is decided or learned until a restart',
        );
        return;
      }
      this.rebuild();
      options.logger.warn(
        { err: error, seq: durableSeq },
        'records refused; the state is what the journal holds',
      );
    });
  }

  /**
   * Rebuilds the state from the journal, and journals the configuration where it is a new one.
   * @throws ServiceError DATA_LOSS when the journal does not lead to the state it says
   */
  static async open(options: DeciderServiceOptions): Promise<StateKeeper> {
    const keeper = new StateKeeper(options);
    keeper.rebuild();
    await keeper.#configure();
    return keeper;
  }

  /** The state; another object after a rebuild. */
  get fold(): DeciderFold {
    return this.#fold;
  }

  /** Calls `listener` when the state was rebuilt and what was derived from it no longer holds. */
  onRebuilt(listener: () => void): void {
    this.#rebuilt.add(listener);
  }

  /** Why it cannot decide at present, if so. */
  get failure(): ServiceError | undefined {
    return this.#failure;
  }

  /** @throws ServiceError NOT_FOUND for a decision never given here */
  decision(decisionId: string): DecisionRecord {
    const decision = this.source.decision(decisionId);
    if (decision) return decision;
    throw new ServiceError('NOT_FOUND', `decisionId: no decision "${decisionId}" was given by this service`, {
      field: 'decisionId',
    });
  }

  /** Leaves a checkpoint behind, so that the next start has little to replay. */
  async close(): Promise<void> {
    await this.#checkpointing;
    if (this.#sinceCheckpoint === 0 || this.#failure) return;
    await this.journal.writeCheckpoint(this.#checkpointAt(this.journal.lastSeq));
  }

  /** Appends a record at the time of the clock. */
  append(request: Omit<AppendRequest, 'timeMs'>): Appended {
    return this.journal.append({ ...request, timeMs: this.options.clock.nowMs() });
  }

  /** @throws ServiceError UNAVAILABLE once the journal has failed */
  refuseAfterFailure(): void {
    if (!this.#failure) return;
    throw new ServiceError('UNAVAILABLE', `the journal does not take records: ${this.#failure.message}`, {
      cause: this.#failure,
    });
  }

  /** Goes back to what the journal holds. */
  rebuild(): void {
    this.source.clear();
    this.#fold = new DeciderFold(this.source);
    const fromSeq = this.#restoreCheckpoint() + 1;
    this.#sinceCheckpoint = this.#fold.applyAll(this.journal.read({ fromSeq, kinds: FOLDED_KINDS }));
    for (const listener of this.#rebuilt) listener();
  }

  /** The last record that the restored state has learned; 0 where there is none to restore. */
  #restoreCheckpoint(): number {
    const checkpoint = this.journal.latestCheckpoint();
    if (!checkpoint) return 0;
    try {
      const kinds = STRUCTURAL_KINDS;
      this.#fold.restore(checkpoint, this.journal.read({ toSeq: checkpoint.seq, kinds }));
      return checkpoint.seq;
    } catch (thrown) {
      const error = ServiceError.from(thrown);
      if (error.code !== 'FAILED_PRECONDITION') throw error;
      // Of another version of the arithmetic: the journal is the truth, a checkpoint only a faster start.
      this.options.logger.warn(
        { err: error, seq: checkpoint.seq },
        'checkpoint not usable; replaying the journal',
      );
      this.#fold = new DeciderFold(this.source);
      return 0;
    }
  }

  #lastConfiguration(toSeq: number): ConfigurationRecord | undefined {
    let last: ConfigurationRecord | undefined;
    for (const record of this.journal.read({ toSeq, kinds: ['configuration'] }))
      last = record.body as ConfigurationRecord;
    return last;
  }

  async #configure(): Promise<void> {
    const decider = new Decider(this.options.decider ?? {});
    const wanted: ConfigurationRecord = {
      policyVersion: decider.policyVersion,
      decider: decider.config(),
      exploration: checkExploration(this.options.exploration ?? { rate: 0, seed: 0 }),
      life: this.options.life ?? DEFAULT_LIFE,
    };
    if (isDeepStrictEqual(this.#lastConfiguration(this.journal.lastSeq), wanted)) return;
    const { seq, durable } = this.append({ kind: 'configuration', body: wanted });
    await durable;
    const record = [...this.journal.read({ fromSeq: seq, toSeq: seq })][0];
    if (record) this.#fold.apply(record);
  }

  /** Counts a change of state; leaves a checkpoint when one is due. */
  checkpointWhenDue(appended: Appended): void {
    this.#sinceCheckpoint += 1;
    if (this.#sinceCheckpoint < this.options.checkpointEvery) return;
    // Taken now, while memory and record agree; written once the journal is sure to hold all of it.
    const checkpoint = this.#checkpointAt(appended.seq);
    this.#sinceCheckpoint = 0;
    this.#checkpointing = this.#checkpointing
      .then(() => appended.durable)
      .then(() => this.journal.writeCheckpoint(checkpoint))
      .catch((thrown: unknown) => {
        this.options.logger.warn(
          { err: thrown, seq: checkpoint.seq },
          'no checkpoint written; the next start replays more',
        );
      });
  }

  #checkpointAt(seq: number): Checkpoint {
    return { seq, stateHash: this.#fold.stateHash, state: this.#fold.snapshot() };
  }
}

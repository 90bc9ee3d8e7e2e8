import { tallyOf } from '#conclave/ml-service/committee/index.js';
import {
  DeciderService,
  type DeciderServiceOptions,
  type Journal,
  openJournal,
  TradeFeedback,
  type VoteTally,
} from '#conclave/ml-service/index.js';
import { ManualClock, ServiceError, silentLogger } from '#conclave/runtime/index.js';
import { type Lean, questionOf, START_MS, voteOf } from '../../support/market.js';
import { removeFolder, temporaryFolder } from '../../support/service-process.js';

export const FREE = { feeBps: 0, spreadBps: 0, slippageBps: 0 };
const QUESTION = questionOf({ bars: 3 });

/** Votes by expert; who is not named is absent. */
export type Votes = Readonly<Record<string, Lean>>;

export function tallyFor(votes: Votes): VoteTally {
  return tallyOf(
    QUESTION,
    Object.entries(votes).map(([expert, action]) => ({ expert, vote: voteOf(expert, action) })),
  );
}

/** All three rewards known, those of buy and sell opposite. */
export function told(decisionId: string, buyBps: number, more: Partial<TradeFeedback> = {}): TradeFeedback {
  return Object.assign(new TradeFeedback(), {
    decisionId,
    feedbackKind: 'full',
    realisedBps: buyBps,
    rewardsBps: { buy: buyBps, hold: 0, sell: -buyBps },
    takenAction: 'buy',
    ...more,
  });
}

export async function codeOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'no error',
    (thrown: unknown) => (thrown instanceof ServiceError ? thrown.code : String(thrown)),
  );
}

/** A decider service on a real journal, that can be closed and opened again. */
export class LifeSandbox {
  readonly dataDir = temporaryFolder();
  readonly clock = new ManualClock(START_MS);
  journal!: Journal;
  service!: DeciderService;

  async open(options: Partial<DeciderServiceOptions> = {}): Promise<DeciderService> {
    const logger = silentLogger();
    this.journal = await openJournal({ dataDir: this.dataDir, clock: this.clock, logger });
    this.service = await DeciderService.open({
      journal: this.journal,
      clock: this.clock,
      logger,
      defaultCosts: FREE,
      checkpointEvery: 7,
      ...options,
    });
    return this.service;
  }

  /** @param orderly whether the state is left as a checkpoint */
  async close(orderly = true): Promise<void> {
    if (orderly) await this.service.close();
    await this.journal.close();
  }

  remove(): void {
    removeFolder(this.dataDir);
  }
}

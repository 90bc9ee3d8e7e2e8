import type { CommitteeClient, RequestOf, ResponseOf } from '../clients/index.js';
import type { Action } from '../ml-service/index.js';

/** What a strategy wants done, and the decision it follows. */
export interface Intent {
  readonly decisionId: string;
  readonly action: Action;
  /** Fraction of the usual position, 0..1. */
  readonly size: number;
}

/** What a strategy sees when a bar closes. */
export type BarClose = Omit<RequestOf<'voting.predict'>, 'session' | 'strategy' | 'horizonBars' | 'costs'>;

/** The same object runs on recorded, simulated and live bars; only what feeds and fills it differs. */
export interface Strategy {
  readonly name: string;
  /** Bars a position is held. */
  readonly horizonBars: number;
  /** Candles it wants to see at a close. */
  readonly windowBars: number;
  onBarClose(
    market: BarClose,
  ): Promise<{ readonly intent: Intent; readonly decision: ResponseOf<'voting.predict'> }>;
}

export interface CommitteeStrategyOptions {
  readonly committee: Pick<CommitteeClient, 'predict'>;
  readonly session: string;
  readonly costs: NonNullable<RequestOf<'voting.predict'>['costs']>;
  /** Default 1. */
  readonly horizonBars?: number;
  /** Default 256. */
  readonly windowBars?: number;
}

/** The reference strategy: does what the committee decides, at the size it decides. */
export class CommitteeStrategy implements Strategy {
  readonly name = 'reference';
  readonly horizonBars: number;
  readonly windowBars: number;
  readonly #options: CommitteeStrategyOptions;

  constructor(options: CommitteeStrategyOptions) {
    this.#options = options;
    this.horizonBars = options.horizonBars ?? 1;
    this.windowBars = options.windowBars ?? 256;
  }

  async onBarClose(market: BarClose): ReturnType<Strategy['onBarClose']> {
    const { committee, session, costs } = this.#options;
    const decision = await committee.predict({
      ...market,
      session,
      strategy: this.name,
      horizonBars: this.horizonBars,
      costs,
    });
    const { decisionId, action, size } = decision;
    return { intent: { decisionId, action, size }, decision };
  }
}

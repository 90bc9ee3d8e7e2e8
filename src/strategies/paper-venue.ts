import type { RequestOf } from '../clients/index.js';
import type { Costs } from '../ml-service/index.js';
import { invalidArgument } from '../runtime/index.js';
import type { Feed } from './feed.js';
import type { Intent } from './strategy.js';

type Trade = RequestOf<'post_trade.analyze'>;

/** A position on paper, and the bar at whose open it will be closed. */
export interface PaperPosition {
  readonly intent: Intent;
  readonly entryBar: number;
  readonly exitBar: number;
}

const BPS = 1e4;

/**
 * Fills on paper: in at the open of the bar after the decision, out at the open `horizonBars` later, each time
 * across half the spread and the slippage, with a fee. Never at a price that was known when deciding.
 */
export class PaperVenue {
  readonly #feed: Feed;
  readonly #costs: Costs;
  readonly #notional: number;

  /** @param notional quote currency put into a trade of full size */
  constructor(feed: Feed, costs: Costs, notional: number) {
    this.#feed = feed;
    this.#costs = costs;
    if (!(notional > 0 && notional < Number.POSITIVE_INFINITY))
      throw invalidArgument('notional', notional, 'above 0');
    this.#notional = notional;
  }

  /** The position an intent leads to, or undefined when the feed ends before it could be closed. */
  enter(intent: Intent, decisionBar: number, horizonBars: number): PaperPosition | undefined {
    const exitBar = decisionBar + 1 + horizonBars;
    return exitBar < this.#feed.bars ? { intent, entryBar: decisionBar + 1, exitBar } : undefined;
  }

  /** Closes a position whose exit bar has opened. */
  exit({ intent, entryBar, exitBar }: PaperPosition): Trade {
    const market = {
      decisionId: intent.decisionId,
      entryTimeMs: this.#feed.openTimeMs(entryBar),
      exitTimeMs: this.#feed.openTimeMs(exitBar),
    };
    const entryMid = this.#feed.open(entryBar);
    const exitMid = this.#feed.open(exitBar);
    if (intent.action === 'hold' || intent.size === 0) {
      return { ...market, side: 'none', quantity: 0, entryPrice: entryMid, exitPrice: exitMid, feesPaid: 0 };
    }
    const towards = intent.action === 'buy' ? 1 : -1;
    const crossing = (this.#costs.spreadBps / 2 + this.#costs.slippageBps) / BPS;
    const entryPrice = entryMid * (1 + towards * crossing);
    const exitPrice = exitMid * (1 - towards * crossing);
    const quantity = (this.#notional * intent.size) / entryPrice;
    const feesPaid = (this.#costs.feeBps / BPS) * quantity * (entryPrice + exitPrice);
    return { ...market, side: intent.action, quantity, entryPrice, exitPrice, feesPaid, liquidity: 'taker' };
  }
}

import type { CommitteeClient } from '../clients/index.js';
import { type Costs, roundTripBps } from '../ml-service/index.js';
import type { Clock } from '../runtime/index.js';
import type { Feed } from './feed.js';
import { type PaperPosition, PaperVenue } from './paper-venue.js';
import { mean, standardErrorOfSum, sum } from './statistics.js';
import type { Strategy } from './strategy.js';

export interface PaperSessionOptions {
  readonly feed: Feed;
  readonly strategy: Strategy;
  readonly committee: Pick<CommitteeClient, 'reportTrade'>;
  readonly costs: Costs;
  readonly clock: Clock;
  /** Quote currency put into a trade of full size; default 10,000. */
  readonly notional?: number;
  readonly onProgress?: (done: number, total: number) => void;
}

/** Sum over a session in basis points of the notional, with its standard error. */
export interface NetResult {
  readonly netBps: number;
  readonly standardErrorBps: number;
}

export interface PaperResult {
  readonly bars: number;
  readonly decisions: { buy: number; hold: number; sell: number };
  readonly overrides: number;
  readonly learner: NetResult;
  /** What following the plurality of the votes would have earned on the same bars. */
  readonly plurality: NetResult;
  readonly buyAndHold: NetResult;
  readonly latencyMs: { readonly p50: number; readonly p99: number; readonly mean: number };
  readonly lastDecisionId: string | undefined;
}

interface Open {
  readonly position: PaperPosition;
  readonly plurality: 'buy' | 'hold' | 'sell';
}

/** Runs a strategy over a feed on paper: asks at every close, trades at the next open, reports every outcome. */
export class PaperSession {
  readonly #options: PaperSessionOptions;
  readonly #venue: PaperVenue;
  readonly #learnerBps: number[] = [];
  readonly #pluralityBps: number[] = [];
  readonly #latenciesMs: number[] = [];
  readonly #decisions = { buy: 0, hold: 0, sell: 0 };
  #overrides = 0;
  #lastDecisionId: string | undefined;

  constructor(options: PaperSessionOptions) {
    this.#options = options;
    this.#venue = new PaperVenue(options.feed, options.costs, options.notional ?? 10_000);
  }

  async run(): Promise<PaperResult> {
    const { feed, strategy, onProgress } = this.#options;
    const first = Math.min(strategy.windowBars, feed.bars) - 1;
    const open: Open[] = [];
    for (let bar = first; bar < feed.bars; bar++) {
      while (open[0] && open[0].position.exitBar <= bar) await this.#settle(open.shift() as Open);
      // A decision that could not be settled any more would teach nothing.
      if (bar + 1 + strategy.horizonBars < feed.bars) {
        const next = await this.#decide(bar);
        if (next) open.push(next);
      }
      onProgress?.(bar + 1 - first, feed.bars - first);
    }
    return this.#result(first);
  }

  async #decide(bar: number): Promise<Open | undefined> {
    const { feed, strategy, clock } = this.#options;
    const startMs = clock.monotonicMs();
    const { intent, decision } = await strategy.onBarClose({
      symbol: feed.symbol,
      timeframe: feed.timeframe,
      ...feed.market(bar, strategy.windowBars),
    });
    this.#latenciesMs.push(clock.monotonicMs() - startMs);
    this.#decisions[decision.action] += 1;
    if (decision.override) this.#overrides += 1;
    this.#lastDecisionId = decision.decisionId;
    const position = this.#venue.enter(intent, bar, strategy.horizonBars);
    return position && { position, plurality: decision.tally.plurality };
  }

  async #settle({ position, plurality }: Open): Promise<void> {
    const feedback = await this.#options.committee.reportTrade(this.#venue.exit(position));
    this.#learnerBps.push(position.intent.size * feedback.realisedBps);
    this.#pluralityBps.push(feedback.rewardsBps?.[plurality] ?? 0);
  }

  #result(first: number): PaperResult {
    const { feed } = this.#options;
    const sorted = [...this.#latenciesMs].sort((a, b) => a - b);
    const quantile = (q: number): number =>
      sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? 0;
    return {
      bars: feed.bars,
      decisions: { ...this.#decisions },
      overrides: this.#overrides,
      learner: netOf(this.#learnerBps),
      plurality: netOf(this.#pluralityBps),
      buyAndHold: this.#buyAndHold(first),
      latencyMs: { p50: quantile(0.5), p99: quantile(0.99), mean: mean(sorted) },
      lastDecisionId: this.#lastDecisionId,
    };
  }

  /** In at the first open that could be traded, out at the last: one round trip, on the same notional throughout. */
  #buyAndHold(first: number): NetResult {
    const { feed, costs } = this.#options;
    const moves: number[] = [];
    const entry = feed.bars > first + 1 ? feed.open(first + 1) : Number.NaN;
    for (let bar = first + 1; bar + 1 < feed.bars; bar++) {
      moves.push(((feed.open(bar + 1) - feed.open(bar)) / entry) * 1e4);
    }
    if (moves.length === 0) return { netBps: 0, standardErrorBps: 0 };
    return { netBps: sum(moves) - roundTripBps(costs), standardErrorBps: standardErrorOfSum(moves) };
  }
}

function netOf(perDecisionBps: readonly number[]): NetResult {
  return { netBps: sum(perDecisionBps), standardErrorBps: standardErrorOfSum(perDecisionBps) };
}

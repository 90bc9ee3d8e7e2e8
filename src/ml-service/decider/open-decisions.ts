import { horizonMs } from './admission.js';
import type { DecisionRecord } from './records.js';

/** Most decisions waited for; beyond it the oldest are forgotten, as after their time. */
export const MAX_OPEN = 65_536;

/** A decision whose outcome the market has yet to tell. */
export interface OpenDecision {
  readonly decision: DecisionRecord;
  /** Market time at which its horizon is reached. */
  readonly dueMs: number;
  /** Journal time after which nothing is waited for. */
  readonly untilMs: number;
}

/** Decisions that wait for market data, by symbol, in the order they were made. */
export class OpenDecisions {
  readonly #ttlMs: number;
  readonly #open = new Map<string, OpenDecision>();

  constructor(ttlMs: number) {
    this.#ttlMs = ttlMs;
  }

  get size(): number {
    return this.#open.size;
  }

  /** @param decidedMs when the journal took it */
  add(decision: DecisionRecord, decidedMs: number): void {
    const lengthMs = horizonMs(decision);
    // Without a horizon the market never tells.
    if (lengthMs === 0) return;
    this.#open.set(decision.decisionId, {
      decision,
      dueMs: decision.asOfMs + lengthMs,
      untilMs: decidedMs + lengthMs + this.#ttlMs,
    });
    if (this.#open.size <= MAX_OPEN) return;
    const oldest = this.#open.keys().next();
    if (!oldest.done) this.#open.delete(oldest.value);
  }

  /** Nothing more is to be learned of it. */
  settle(decisionId: string): void {
    this.#open.delete(decisionId);
  }

  /** The open decisions of a stream; forgets those whose time is over. */
  of(stream: { symbol: string; timeframe?: string; session?: string }, nowMs: number): OpenDecision[] {
    const found: OpenDecision[] = [];
    for (const [decisionId, open] of this.#open) {
      const { symbol, timeframe, session } = open.decision;
      if (open.untilMs < nowMs) this.#open.delete(decisionId);
      else if (
        symbol === stream.symbol &&
        timeframe === (stream.timeframe ?? timeframe) &&
        session === (stream.session ?? session)
      )
        found.push(open);
    }
    return found;
  }
}

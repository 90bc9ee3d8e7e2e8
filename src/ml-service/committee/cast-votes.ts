import { ServiceError } from '../../runtime/index.js';
import type { Vote } from '../dto/index.js';

/** Votes kept at once, over all symbols; what is over is refused rather than something older forgotten. */
const MAX_CAST_VOTES = 100_000;

/** An expert that votes without being asked. */
export interface Caster {
  readonly expert: string;
  readonly version: string;
  readonly votes: number;
  readonly abstentions: number;
}

/** Votes that experts send on their own: the latest of each expert for each symbol, until it is too old. */
export class CastVotes {
  readonly #bySymbol = new Map<string, Map<string, Vote>>();
  readonly #casters = new Map<string, Caster>();
  #count = 0;

  /**
   * Keeps a vote; a newer one of the same expert replaces it, an older one changes nothing.
   * @throws ServiceError RESOURCE_EXHAUSTED when too many are held
   */
  cast(vote: Vote): void {
    const votes = this.#bySymbol.get(vote.symbol) ?? new Map<string, Vote>();
    const before = votes.get(vote.expert);
    if (before && before.asOfMs > vote.asOfMs) return;
    if (!before && this.#count >= MAX_CAST_VOTES) this.#sweep(vote.asOfMs);
    if (!before && this.#count >= MAX_CAST_VOTES) {
      throw new ServiceError('RESOURCE_EXHAUSTED', `${MAX_CAST_VOTES} cast votes are held already`, {
        retryAfterMs: vote.validForMs,
      });
    }
    if (!before) this.#count += 1;
    this.#countCast(vote);
    votes.set(vote.expert, vote);
    this.#bySymbol.set(vote.symbol, votes);
  }

  /** Votes on a symbol that count at `timeMs`: those with `asOfMs + validForMs >= timeMs`. */
  valid(symbol: string, timeMs: number): Vote[] {
    const votes = this.#bySymbol.get(symbol);
    if (!votes) return [];
    return [...votes.values()].filter((vote) => vote.asOfMs + vote.validForMs >= timeMs);
  }

  /** Who has cast votes since the start, and how many. */
  casters(): Caster[] {
    return [...this.#casters.values()].sort((a, b) => (a.expert < b.expert ? -1 : 1));
  }

  #countCast({ expert, version, abstain }: Vote): void {
    const { votes = 0, abstentions = 0 } = this.#casters.get(expert) ?? {};
    const cast =
      abstain === undefined ? { votes: votes + 1, abstentions } : { votes, abstentions: abstentions + 1 };
    this.#casters.set(expert, { expert, version, ...cast });
  }

  /** Frees what was over at `timeMs`. Not done before: an older session may still ask for it. */
  #sweep(timeMs: number): void {
    for (const [symbol, votes] of this.#bySymbol) {
      for (const [expert, vote] of votes) {
        if (vote.asOfMs + vote.validForMs >= timeMs) continue;
        votes.delete(expert);
        this.#count -= 1;
      }
      if (votes.size === 0) this.#bySymbol.delete(symbol);
    }
  }
}

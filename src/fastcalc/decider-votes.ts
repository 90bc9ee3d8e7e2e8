import { describeValue, invalidArgument } from '../runtime/index.js';
import type { DeciderVote } from './decider-types.js';

const INITIAL_VOTES = 16;

/**
 * Votes on their way to the addon: slots in one string, probabilities in one array that is used
 * again at every call. Types are checked here; ranges, sums and duplicates by the addon.
 */
export class VotePacker {
  private buffer = new Float64Array(3 * INITIAL_VOTES);

  /** The slots, joined by line feeds. */
  slots = '';
  /** Three numbers a vote, valid until the next call of `pack`. */
  probabilities = this.buffer.subarray(0, 0);

  /** Throws INVALID_ARGUMENT naming the first part that is of the wrong type. */
  pack(votes: readonly DeciderVote[]): void {
    if (!Array.isArray(votes)) throw invalidArgument('votes', votes, 'an array');
    const count = votes.length;
    if (this.buffer.length < 3 * count) this.buffer = new Float64Array(6 * count);
    if (this.probabilities.length !== 3 * count || this.probabilities.buffer !== this.buffer.buffer) {
      this.probabilities = this.buffer.subarray(0, 3 * count);
    }
    let slots = '';
    for (let index = 0; index < count; index += 1) {
      const vote = votes[index] as DeciderVote | null | undefined;
      const p = vote?.probabilities;
      if (vote === null || vote === undefined || p === null || p === undefined) throw incomplete(vote, index);
      const { slot } = vote;
      // A line feed would shift every later slot; the addon refuses other control characters.
      if (typeof slot !== 'string' || slot.includes('\n')) {
        throw invalidArgument(
          `votes[${index}].slot`,
          slot,
          'text of 1 to 128 characters, no control characters',
        );
      }
      slots = index === 0 ? slot : `${slots}\n${slot}`;
      const { buy, hold, sell } = p;
      if (typeof buy !== 'number' || typeof hold !== 'number' || typeof sell !== 'number') {
        throw notNumbers(p, index);
      }
      this.buffer[3 * index] = buy;
      this.buffer[3 * index + 1] = hold;
      this.buffer[3 * index + 2] = sell;
    }
    this.slots = slots;
  }
}

function incomplete(vote: DeciderVote | null | undefined, index: number): Error {
  if (vote === null || vote === undefined) return invalidArgument(`votes[${index}]`, vote, 'a vote');
  return invalidArgument(`votes[${index}].probabilities`, vote.probabilities, '{buy, hold, sell}');
}

function notNumbers(probabilities: DeciderVote['probabilities'], index: number): Error {
  const name =
    (['buy', 'hold', 'sell'] as const).find((key) => typeof probabilities[key] !== 'number') ?? 'buy';
  const actual = describeValue(probabilities[name]);
  return invalidArgument(`votes[${index}].probabilities.${name}`, actual, 'a number from 0 to 1');
}

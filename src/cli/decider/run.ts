import { Decider } from '../../fastcalc/index.js';
import { explore, type PolicySettings } from '../../ml-service/index.js';
import { ServiceError } from '../../runtime/index.js';
import { type DecisionLine, type OutcomeLine, parseLine } from './lines.js';

/** How a stream is decided; `roundTripBps` is what buying or selling costs, already taken off the rewards. */
export type RunPolicy = PolicySettings;

/** A line that was refused; nothing was learned from it. */
export interface RefusedLine {
  readonly line: number;
  readonly error: ServiceError;
}

/**
 * Decides and learns line by line. An outcome counts once: the same again is passed over, another for the same
 * decision is refused, and so is one whose decision has not come.
 */
export class DeciderRun {
  readonly decider: Decider;
  readonly refused: RefusedLine[] = [];
  readonly #policy: RunPolicy;
  readonly #waiting = new Map<string, DecisionLine>();
  /** Outcomes learned, as text to compare with. */
  readonly #learned = new Map<string, string>();
  #decisions = 0;
  #lines = 0;

  /** Throws INVALID_ARGUMENT naming the setting that is out of range. */
  constructor(policy: RunPolicy) {
    this.#policy = policy;
    this.decider = new Decider(policy.decider);
    // An impossible rate or cost is found before the first line.
    explore('hold', this.#exploration(), 1);
    this.decider.decide([], { roundTripBps: policy.roundTripBps });
  }

  get decisions(): number {
    return this.#decisions;
  }

  /** Takes one line in; the answer's line if it asks for a decision. A bad line is kept in `refused`. */
  take(text: string): string | undefined {
    this.#lines += 1;
    if (text.trim() === '') return undefined;
    try {
      const line = parseLine(text);
      if (line.kind === 'decision') return this.#decide(line);
      this.#learn(line);
    } catch (thrown) {
      this.refused.push({ line: this.#lines, error: ServiceError.from(thrown) });
    }
    return undefined;
  }

  #exploration(): { rate: number; seed: number } {
    return { rate: this.#policy.explorationRate, seed: this.#policy.seed };
  }

  #decide(line: DecisionLine): string {
    if (this.#waiting.has(line.id) || this.#learned.has(line.id)) {
      throw new ServiceError('ALREADY_EXISTS', `decision ${line.id} was asked for before`, {
        field: 'decision',
      });
    }
    const answer = this.decider.decide(line.votes, { roundTripBps: this.#policy.roundTripBps }, line.context);
    const explored = explore(answer.action, this.#exploration(), this.#decisions + 1);
    const full = explored.action === 'hold' ? 0 : 1;
    const size = explored.action === answer.action ? answer.size : full;
    this.#decisions += 1;
    this.#waiting.set(line.id, line);
    const { scores } = answer;
    return JSON.stringify({
      decision: line.id,
      action: explored.action,
      size,
      scores,
      propensities: explored.propensities,
    });
  }

  #learn(line: OutcomeLine): void {
    const said = JSON.stringify(line.feedback);
    const before = this.#learned.get(line.id);
    if (before === said) return;
    if (before !== undefined) {
      throw new ServiceError('CONFLICT', `another outcome of ${line.id} was learned before`, {
        field: 'outcome',
      });
    }
    const decision = this.#waiting.get(line.id);
    if (decision === undefined) {
      throw new ServiceError('NOT_FOUND', `no decision ${line.id} came before its outcome`, {
        field: 'outcome',
      });
    }
    const costs = { roundTripBps: this.#policy.roundTripBps };
    this.decider.learn(decision.votes, costs, line.feedback, decision.context);
    this.#waiting.delete(line.id);
    this.#learned.set(line.id, said);
  }
}

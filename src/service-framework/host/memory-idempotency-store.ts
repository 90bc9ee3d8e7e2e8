import { type Clock, ServiceError } from '../../runtime/index.js';
import type { RecordingIdempotencyStore, StoredAnswer } from '../handler/index.js';

const DAY_MS = 86_400_000;

export interface MemoryIdempotencyStoreOptions {
  readonly clock: Clock;
  /** How long an answer is kept; the protocol promises at least 7 days. Default 8 days. */
  readonly keepMs?: number;
  /** Answers kept at most; beyond it new keys are shed rather than old ones forgotten. Default 1,000,000. */
  readonly maxAnswers?: number;
}

interface Kept extends StoredAnswer {
  readonly untilMs: number;
}

/**
 * Answers in memory, for handlers without a durable record: exactly once within the life of the
 * process only. What must hold over a restart is found in the handler's own record instead.
 */
export class MemoryIdempotencyStore implements RecordingIdempotencyStore {
  readonly #clock: Clock;
  readonly #keepMs: number;
  readonly #maxAnswers: number;
  /** In order of insertion, hence of expiry. */
  readonly #answers = new Map<string, Kept>();

  constructor(options: MemoryIdempotencyStoreOptions) {
    this.#clock = options.clock;
    this.#keepMs = options.keepMs ?? 8 * DAY_MS;
    this.#maxAnswers = options.maxAnswers ?? 1_000_000;
  }

  get size(): number {
    return this.#answers.size;
  }

  /** @throws ServiceError RESOURCE_EXHAUSTED for a new key while full */
  find(command: string, key: string): StoredAnswer | undefined {
    this.#expire();
    const found = this.#answers.get(nameOf(command, key));
    if (!found && this.#answers.size >= this.#maxAnswers)
      throw new ServiceError('RESOURCE_EXHAUSTED', `${this.#maxAnswers} idempotency keys are kept already`);
    return found;
  }

  record(command: string, key: string, answer: StoredAnswer): void {
    this.#answers.set(nameOf(command, key), { ...answer, untilMs: this.#clock.monotonicMs() + this.#keepMs });
  }

  #expire(): void {
    const nowMs = this.#clock.monotonicMs();
    for (const [name, { untilMs }] of this.#answers) {
      if (untilMs > nowMs) return;
      this.#answers.delete(name);
    }
  }
}

/** Command names hold no space. */
function nameOf(command: string, key: string): string {
  return `${command} ${key}`;
}

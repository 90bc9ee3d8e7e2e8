import type { ExpertKind, ExpertStatus, MarketQuestion } from '../dto/index.js';

/** What a member needs to know of the request it is asked within. */
export interface AskOptions {
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Calls a command of this host. */
  readonly call: (
    command: string,
    payload: unknown,
    options: { timeoutMs: number; signal: AbortSignal },
  ) => Promise<unknown>;
}

/** An expert that is asked at every prediction. */
export interface Member {
  readonly expert: string;
  readonly version: string;
  readonly kind: ExpertKind;
  /** Longest wait for its answer. */
  readonly timeoutMs: number;
  /** Whether it has anything to say about a symbol. */
  covers(symbol: string): boolean;
  /** Its raw answer, not to be trusted yet; settles within `options.timeoutMs`, by rejecting if need be. */
  ask(question: MarketQuestion, options: AskOptions): Promise<unknown>;
  close(): Promise<void>;
}

/** Answers whose latency is remembered. */
const LATENCIES = 256;

/** How one member has done since the service started. */
export class MemberRecord {
  #votes = 0;
  #abstentions = 0;
  #state: ExpertStatus['state'] = 'idle';
  readonly #latenciesMs: number[] = [];
  #next = 0;

  answered(tookMs: number, abstained: boolean): void {
    if (abstained) this.#abstentions += 1;
    else this.#votes += 1;
    this.#state = 'ready';
    this.#latenciesMs[this.#next] = tookMs;
    this.#next = (this.#next + 1) % LATENCIES;
  }

  failed(): void {
    this.#abstentions += 1;
    this.#state = 'failing';
  }

  status(): Pick<ExpertStatus, 'state' | 'votes' | 'abstentions' | 'p50Ms'> {
    const sorted = [...this.#latenciesMs].sort((a, b) => a - b);
    return {
      state: this.#state,
      votes: this.#votes,
      abstentions: this.#abstentions,
      p50Ms: sorted[sorted.length >> 1] ?? 0,
    };
  }
}

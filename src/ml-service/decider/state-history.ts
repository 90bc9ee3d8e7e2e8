/** States kept: enough that a correction of any outcome finds one not far before it. */
const KEPT = 24;
/** Outcomes between two states. */
const EVERY = 256;

export interface PastState {
  /** The last record in it. */
  readonly seq: number;
  readonly state: Uint8Array;
}

/** States along the way, close to one another near the end and farther apart before, to replay corrections from. */
export class StateHistory {
  #states: PastState[] = [];
  #since = 0;

  /** Counts an outcome; keeps the state after it when it is time to. */
  step(seq: number, state: () => Uint8Array): void {
    this.#since += 1;
    if (this.#since < EVERY) return;
    this.#since = 0;
    this.add({ seq, state: state() });
  }

  add(past: PastState): void {
    const at = this.#states.findLastIndex(({ seq }) => seq <= past.seq);
    if (this.#states[at]?.seq === past.seq) this.#states[at] = past;
    else this.#states.splice(at + 1, 0, past);
    if (this.#states.length > KEPT) this.#thin();
  }

  /** The newest state that has nothing of record `seq` and later. */
  before(seq: number): PastState | undefined {
    return this.#states.findLast((past) => past.seq < seq);
  }

  /** What came after is about to change. */
  forgetFrom(seq: number): void {
    this.#states = this.#states.filter((past) => past.seq < seq);
  }

  /** Drops the state whose loss makes the least difference to how far back one has to go. */
  #thin(): void {
    const last = this.#states.at(-1)?.seq ?? 0;
    let weakest = 1;
    let least = Number.POSITIVE_INFINITY;
    for (let i = 1; i < this.#states.length - 1; i++) {
      const [before, here, after] = [i - 1, i, i + 1].map((at) => this.#states[at]?.seq ?? 0);
      const loss = ((after ?? 0) - (before ?? 0)) / (last - (here ?? 0) + 1);
      if (loss < least) [weakest, least] = [i, loss];
    }
    this.#states.splice(weakest, 1);
  }
}

/** Sums over votes; `judged` counts those added less those taken back. */
export class VoteSums {
  judged = 0;
  #hits = 0;
  #earnedBps = 0;

  /** @param sign 1 to add, -1 to take back */
  add(hit: boolean, earnedBps: number, sign: 1 | -1): void {
    this.judged += sign;
    if (hit) this.#hits += sign;
    this.#earnedBps += sign * earnedBps;
  }

  get hitRate(): number {
    return this.judged === 0 ? 0 : this.#hits / this.judged;
  }

  get edgeBps(): number {
    return this.judged === 0 ? 0 : this.#earnedBps / this.judged;
  }
}

const BINS = 10;

/** How well probabilities tell what comes out best: Brier (1950), and the expected calibration error (Naeini 2015). */
export class Calibration {
  #count = 0;
  #squares = 0;
  readonly #bins = Array.from({ length: BINS }, () => ({ count: 0, confidence: 0, right: 0 }));

  /**
   * @param squaredError of all three probabilities against what came out best
   * @param confidence the largest of them
   * @param right whether the action it stands for came out best
   */
  add(squaredError: number, confidence: number, right: boolean, sign: 1 | -1): void {
    this.#count += sign;
    this.#squares += sign * squaredError;
    const bin = this.#bins[Math.min(BINS - 1, Math.floor(confidence * BINS))];
    if (!bin) return;
    bin.count += sign;
    bin.confidence += sign * confidence;
    if (right) bin.right += sign;
  }

  get brier(): number {
    return this.#count === 0 ? 0 : Math.min(2, Math.max(0, this.#squares / this.#count));
  }

  get expectedError(): number {
    if (this.#count === 0) return 0;
    let total = 0;
    for (const { confidence, right } of this.#bins) total += Math.abs(confidence - right);
    return Math.min(1, total / this.#count);
  }
}

/** Common votes of two experts, by what each said. */
export class Agreement3 {
  common = 0;
  readonly #cells = new Float64Array(9);

  /** @param mine index of one's action, 0..2; @param theirs of the other's */
  add(mine: number, theirs: number): void {
    this.common += 1;
    this.#cells[3 * mine + theirs] = (this.#cells[3 * mine + theirs] ?? 0) + 1;
  }

  get agreement(): number {
    return this.#share((mine, theirs) => (mine === theirs ? 1 : 0));
  }

  /** Agreement beyond what the frequencies of each one's actions explain (Cohen 1960). */
  get kappa(): number {
    const mine = [0, 1, 2].map((action) => this.#share((row) => (row === action ? 1 : 0)));
    const theirs = [0, 1, 2].map((action) => this.#share((_row, column) => (column === action ? 1 : 0)));
    const chance = mine.reduce((sum, share, action) => sum + share * (theirs[action] ?? 0), 0);
    return chance >= 1 ? 0 : (this.agreement - chance) / (1 - chance);
  }

  #share(weight: (mine: number, theirs: number) => number): number {
    let sum = 0;
    for (let cell = 0; cell < 9; cell++)
      sum += (this.#cells[cell] ?? 0) * weight(Math.floor(cell / 3), cell % 3);
    return this.common === 0 ? 0 : sum / this.common;
  }
}

import type { DeciderBooks } from '../../fastcalc/index.js';
import type { Variant } from './variants.js';

/** How long it took to recover after something changed. */
export interface Recovery {
  readonly event: string;
  /** Events averaged over. */
  readonly events: number;
  /** Decisions until 80 % of what the change cost was won back; undefined where it never was within the span. */
  readonly decisions?: number;
}

/** Decisions looked at after an event, and before it. */
const SPAN = 1500;
const SETTLED = 500;
/** Decisions averaged over, so that noise does not pass for recovery; the middle of them counts. */
const WINDOW = 50;
const RECOVERED = 0.8;

/**
 * The gap between the best combination and the learner after an event, averaged over events. Right after it the gap is
 * at its widest, in the end it has settled; recovered is when the gap has closed by 80 % of the way between the two.
 */
export class RecoveryCurve {
  readonly #event: string;
  readonly #at: (books: DeciderBooks) => Iterable<number>;
  readonly #gap = new Float64Array(SPAN);
  #events = 0;

  constructor(event: string, at: (books: DeciderBooks) => Iterable<number>) {
    this.#event = event;
    this.#at = at;
  }

  /** The curves that a stream can show. */
  static of(variant: Variant): RecoveryCurve[] {
    if (variant.name === 'B, newcomer .98')
      return [new RecoveryCurve('a .98 newcomer joins', () => [10_000])];
    if (variant.name !== 'B') return [];
    return [
      new RecoveryCurve('an expert turns bad', () => [5000]),
      new RecoveryCurve('the regime switches', (books) => Array.from(books.switches).slice(1)),
    ];
  }

  add(books: DeciderBooks): void {
    for (const start of this.#at(books)) {
      if (start + SPAN > books.best.length) continue;
      this.#events += 1;
      for (let t = 0; t < SPAN; t += 1) {
        const gap = (books.best[start + t] ?? 0) - (books.learner[start + t] ?? 0);
        this.#gap[t] = (this.#gap[t] ?? 0) + gap;
      }
    }
  }

  recovery(): Recovery {
    const sum = (from: number, to: number): number => {
      let total = 0;
      for (let t = from; t < to; t += 1) total += this.#gap[t] ?? 0;
      return total / (to - from);
    };
    const settled = sum(SPAN - SETTLED, SPAN);
    const widest = sum(0, WINDOW);
    const goal = widest + RECOVERED * (settled - widest);
    for (let end = WINDOW; end <= SPAN; end += 1) {
      if (sum(end - WINDOW, end) <= goal) {
        return { event: this.#event, events: this.#events, decisions: end - WINDOW / 2 };
      }
    }
    return { event: this.#event, events: this.#events };
  }
}

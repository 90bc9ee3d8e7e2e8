import { ConfidenceSequence, type ConfidenceSums } from './confidence-sequence.js';
import type { ModelComparison } from './records.js';

/** Chance of a false alarm, ever. */
const ALPHA = 0.01;
/** One fill counts at most this much. Basis points. */
const LARGEST_DIFFERENCE_BPS = 100;
/** A model that is off by less on the mean does no harm. Basis points. */
const TOLERANCE_BPS = 1;

/** How far the counterfactual model is from what was earned. */
export interface AgreementStatus {
  /** Decisions with both. */
  readonly compared: number;
  /** Realised less modelled, on the mean, basis points. */
  readonly meanBps: number;
  /** Bounds of that mean which hold at all times with probability .99. */
  readonly lowBps: number;
  readonly highBps: number;
  readonly alarm: boolean;
}

/**
 * Compares what the counterfactual model says of the action taken (the market's move less the question's costs) with
 * what the fills brought. A confidence sequence for the mean difference: looking after every outcome does not make
 * false alarms more likely.
 */
export class Agreement {
  readonly #sequence: ConfidenceSequence;

  constructor(sums?: ConfidenceSums) {
    const largest = LARGEST_DIFFERENCE_BPS;
    this.#sequence = new ConfidenceSequence(ALPHA, -largest, largest, sums);
  }

  sums(): ConfidenceSums {
    return this.#sequence.sums();
  }

  /** Returns whether this comparison raised the alarm. */
  observe({ modelBps, realisedBps }: ModelComparison): boolean {
    const before = this.status().alarm;
    this.#sequence.observe(realisedBps - modelBps);
    return !before && this.status().alarm;
  }

  status(): AgreementStatus {
    const { low, high } = this.#sequence.interval();
    return {
      compared: this.#sequence.count,
      meanBps: this.#sequence.mean,
      lowBps: low,
      highBps: high,
      alarm: low > TOLERANCE_BPS || high < -TOLERANCE_BPS,
    };
  }
}

import { Adwin, type AdwinBucket } from './adwin.js';
import { PageHinkley, type PageHinkleySums } from './page-hinkley.js';

/** Threshold of the Page-Hinkley test, in standard deviations of the lead. */
const DRIFT_THRESHOLD = 50;
/** Of ADWIN; the default of its authors. */
const ADWIN_DELTA = 0.002;
/** Leads beyond this count as this in ADWIN, whose observations must be bounded. Basis points. */
const LARGEST_LEAD_BPS = 500;

export type Detector = 'page-hinkley' | 'adwin';

export interface WatchState {
  readonly lead: number;
  readonly peak: number;
  readonly peakSeq: number;
  readonly detector: Detector | '';
  readonly changeSeq: number;
  readonly pageHinkley: PageHinkleySums;
  readonly adwin: { readonly buckets: readonly AdwinBucket[]; readonly seen: number };
}

/** How the policy in force does against the plain plurality vote: its lead, the fall from its peak, and drift. */
export class Watch {
  readonly #pageHinkley: PageHinkley;
  readonly #adwin: Adwin;
  #lead = 0;
  #peak = 0;
  #peakSeq: number;
  #detector: Detector | undefined;
  #changeSeq: number;

  /** @param startSeq the record to go back to when nothing good came after it */
  constructor(startSeq: number, state?: WatchState) {
    this.#peakSeq = state?.peakSeq ?? startSeq;
    this.#changeSeq = state?.changeSeq ?? startSeq;
    this.#lead = state?.lead ?? 0;
    this.#peak = state?.peak ?? 0;
    this.#detector = state?.detector === '' ? undefined : state?.detector;
    this.#pageHinkley = new PageHinkley(DRIFT_THRESHOLD, startSeq, state?.pageHinkley);
    this.#adwin = new Adwin(ADWIN_DELTA, state?.adwin);
  }

  /** Fall of the summed lead over plurality from its peak, basis points. */
  get drawdownBps(): number {
    return this.#peak - this.#lead;
  }

  /** The outcome after which the lead was highest. */
  get peakSeq(): number {
    return this.#peakSeq;
  }

  /** What found that the lead has become worse, and the outcome after which it did. */
  get drift(): { readonly detector: Detector; readonly changeSeq: number } | undefined {
    return this.#detector && { detector: this.#detector, changeSeq: this.#changeSeq };
  }

  /** @param leadBps what the champion earned more than plurality would have */
  observe(leadBps: number, seq: number): void {
    this.#lead += leadBps;
    if (this.#lead >= this.#peak) {
      this.#peak = this.#lead;
      this.#peakSeq = seq;
    }
    this.#pageHinkley.observe(leadBps, seq);
    this.#adwin.observe(Math.min(Math.max(leadBps / LARGEST_LEAD_BPS, -1), 1));
    if (this.#detector) return;
    if (this.#pageHinkley.alarm) this.#detector = 'page-hinkley';
    else if (this.#adwin.fallen) this.#detector = 'adwin';
    if (this.#detector) this.#changeSeq = this.#pageHinkley.changeSeq;
  }

  state(): WatchState {
    return {
      lead: this.#lead,
      peak: this.#peak,
      peakSeq: this.#peakSeq,
      detector: this.#detector ?? '',
      changeSeq: this.#changeSeq,
      pageHinkley: this.#pageHinkley.sums(),
      adwin: this.#adwin.state(),
    };
  }
}

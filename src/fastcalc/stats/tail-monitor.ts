import { types } from 'node:util';

import { invalidArgument } from '../../runtime/index.js';
import { count, object, scalar, series } from '../arguments.js';
import { loadNative } from '../native.js';
import { translated } from '../native-errors.js';
import type { NativeTailMonitor } from '../native-stats.js';
import type { ParetoTail, WatchTailOptions } from './tails.js';

/** Options of {@link TailMonitor}: those of `watchTail` but for the calibration rows. */
export type TailMonitorOptions = Omit<WatchTailOptions, 'calibrationRows'>;

/**
 * Watches the upper tail of a stream, one value at a time (Siffer and others 2017, SPOT): bit for bit what
 * `watchTail` gives for the whole series. Calibrates on the values of a while in order, at least ten of
 * them above the threshold. Negate a stream for its lower tail.
 */
export class TailMonitor {
  readonly #native: NativeTailMonitor;

  /** `native` is for `restore` alone. */
  constructor(
    calibration: Float64Array,
    options: TailMonitorOptions = {},
    native: NativeTailMonitor = create(calibration, options),
  ) {
    this.#native = native;
  }

  /** The monitor a snapshot was taken of; it goes on bit for bit. Throws DATA_LOSS for other bytes. */
  static restore(bytes: Uint8Array): TailMonitor {
    if (!types.isUint8Array(bytes)) throw invalidArgument('bytes', bytes, 'a Uint8Array');
    // A copy, because memory shared with another thread could change meanwhile.
    const native = translated(() => loadNative().NativeTailMonitor.restore(new Uint8Array(bytes)));
    return new TailMonitor(new Float64Array(0), {}, native);
  }

  /**
   * Takes one value (NaN: missing) and says whether it is beyond the alarm level as it was before. Such a
   * value teaches nothing. Throws INVALID_ARGUMENT for an infinite one, and then has not changed.
   */
  update(value: number): boolean {
    const number = scalar('value', value);
    return translated(() => this.#native.update(number));
  }

  /** The alarm level now. */
  get level(): number {
    return this.#native.level;
  }

  /** The tail now. */
  tail(): ParetoTail {
    return translated(() => this.#native.tail());
  }

  /** All of its state: the same state gives the same bytes on any machine. */
  snapshot(): Uint8Array {
    return translated(() => this.#native.snapshot());
  }
}

function create(calibration: Float64Array, options: TailMonitorOptions): NativeTailMonitor {
  const values = series('calibration', calibration);
  const { thresholdLevel = 0.98, risk = 1e-4, mostPeaks = 500 } = object('options', options);
  const numbers = [
    scalar('thresholdLevel', thresholdLevel),
    scalar('risk', risk),
    count('mostPeaks', mostPeaks, 10),
  ] as const;
  return translated(() => new (loadNative().NativeTailMonitor)(values, ...numbers));
}

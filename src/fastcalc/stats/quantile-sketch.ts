import { invalidArgument } from '../../runtime/index.js';
import { object, scalar, series } from '../arguments.js';
import { loadNative } from '../native.js';
import { translated } from '../native-errors.js';
import type { NativeQuantileSketch } from '../native-stats.js';

/**
 * Quantiles of a stream in little memory (Masson, Rim, Lee 2019, DDSketch): each within `accuracy` of a
 * true one, relative to its size. The order of values and of merges does not matter.
 */
export class QuantileSketch {
  readonly #native: NativeQuantileSketch;

  /** An empty sketch; `accuracy` from 0.0001 to 0.5, 0.01 for one percent. */
  constructor(options: { readonly accuracy: number }) {
    const accuracy = scalar('accuracy', object('options', options).accuracy);
    this.#native = translated(() => new (loadNative().NativeQuantileSketch)(accuracy));
  }

  /** Counts all values; NaN is missing. An infinite one is refused, and then none is counted. */
  add(values: Float64Array): void {
    const column = series('values', values);
    translated(() => this.#native.add(column));
  }

  /** Adds all values of another sketch of the same accuracy. */
  merge(other: QuantileSketch): void {
    if (!(other instanceof QuantileSketch)) throw invalidArgument('other', other, 'a QuantileSketch');
    if (other === this) throw invalidArgument('other', 'the sketch itself', 'another QuantileSketch');
    translated(() => this.#native.merge(other.#native));
  }

  /** The value of rank ⌊p (count − 1)⌋, within the accuracy; exact for p of 0 and 1; NaN of nothing. */
  quantile(p: number): number {
    const rank = scalar('p', p);
    return translated(() => this.#native.quantile(rank));
  }

  /** Values counted so far. */
  get count(): number {
    return this.#native.count;
  }
}

import { types } from 'node:util';

import { invalidArgument } from '../runtime/index.js';
import { scalar } from './arguments.js';
import { packParameters, unpackParameters } from './hmm-parameters.js';
import type { HmmParameters } from './hmm-types.js';
import { loadNative } from './native.js';
import { translated } from './native-errors.js';
import type { NativeHmmFilter } from './native-kernels.js';

/**
 * The forward filter, one observation at a time: bit for bit what `filterHmm` gives for the whole
 * series. The model is copied; changing it afterwards has no effect.
 */
export class HmmFilter {
  readonly #native: NativeHmmFilter;

  /**
   * A filter before its first observation. Throws INVALID_ARGUMENT naming the parameter at fault.
   * `native` is for `restore` alone.
   */
  constructor(parameters: HmmParameters, native: NativeHmmFilter = create(parameters)) {
    this.#native = native;
  }

  /** The filter a snapshot was taken of; it goes on bit for bit. Throws DATA_LOSS for other bytes. */
  static restore(bytes: Uint8Array): HmmFilter {
    if (!types.isUint8Array(bytes)) throw invalidArgument('bytes', bytes, 'a Uint8Array');
    // A copy, because memory shared with another thread could change meanwhile.
    const native = translated(() => loadNative().NativeHmmFilter.restore(new Uint8Array(bytes)));
    return new HmmFilter(unpackParameters(native.parameters()), native);
  }

  /**
   * Folds one observation in (NaN: missing) and returns the K probabilities of the state now. Throws
   * INVALID_ARGUMENT for an infinite one, and then has not changed.
   */
  update(observation: number): Float64Array {
    const value = scalar('observation', observation);
    return translated(() => this.#native.update(value));
  }

  /** The K probabilities after the last observation; before the first, the initial ones. */
  get posterior(): Float64Array {
    return this.#native.posterior;
  }

  /** Natural logarithm of the likelihood of all observations so far. */
  get logLikelihood(): number {
    return this.#native.logLikelihood;
  }

  /** Number of observations so far, missing ones included. */
  get rows(): number {
    return this.#native.rows;
  }

  /** The model it filters with. */
  parameters(): HmmParameters {
    return unpackParameters(this.#native.parameters());
  }

  /** All of its state, model included: the same state gives the same bytes on any machine. */
  snapshot(): Uint8Array {
    return this.#native.snapshot();
  }
}

function create(parameters: HmmParameters): NativeHmmFilter {
  const native = packParameters('parameters', parameters);
  return translated(() => new (loadNative().NativeHmmFilter)(native));
}

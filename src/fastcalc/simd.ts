import { loadNative } from './native.js';
import { translated } from './native-errors.js';

/** Sets of vector instructions the kernels are compiled for. */
export type SimdLevel = 'sse2' | 'avx2' | 'avx512' | 'neon' | 'scalar';

/** The set in use: the best one that this processor has. */
export function simdLevel(): SimdLevel {
  return loadNative().simdLevel() as SimdLevel;
}

/**
 * Uses no more than this set from now on, in the whole process; gives the one in use. Results are the
 * same bits at every level: for tests and measurements. Throws INVALID_ARGUMENT for a set of another
 * kind of processor.
 */
export function limitSimd(most: SimdLevel): SimdLevel {
  return translated(() => loadNative().limitSimd(most) as SimdLevel);
}

import { invalidArgument } from '../runtime/index.js';
import { count, object, scalar, series } from './arguments.js';
import type { HmmEmission, HmmParameters } from './hmm-types.js';
import type { NativeHmmParameters } from './native-kernels.js';

/** Most states of a model. */
export const MAX_HMM_STATES = 256;

/**
 * Degrees of freedom as the addon takes them: undefined for normal emissions. Throws
 * INVALID_ARGUMENT for an unknown emission or where the two do not go together.
 */
export function degreesOf(
  parent: string,
  emission: HmmEmission,
  degreesOfFreedom: number | undefined,
): { degreesOfFreedom?: number } {
  if (emission === 'student-t') {
    return { degreesOfFreedom: scalar(`${parent}degreesOfFreedom`, degreesOfFreedom) };
  }
  if (emission !== 'gaussian') {
    throw invalidArgument(`${parent}emission`, emission, "'gaussian' or 'student-t'");
  }
  if (degreesOfFreedom !== undefined) {
    throw invalidArgument(`${parent}degreesOfFreedom`, degreesOfFreedom, "absent with 'gaussian'");
  }
  return {};
}

/** A model as the addon takes it; the addon checks the numbers in it. */
export function packParameters(field: string, parameters: HmmParameters): NativeHmmParameters {
  const p = object(field, parameters);
  const mean = series(`${field}.mean`, p.mean);
  if (count(`${field}.states`, p.states, 1, MAX_HMM_STATES) !== mean.length) {
    throw invalidArgument(`${field}.states`, p.states, `the number of means (${mean.length})`);
  }
  return {
    ...degreesOf(`${field}.`, p.emission, p.degreesOfFreedom),
    initial: series(`${field}.initial`, p.initial),
    transition: series(`${field}.transition`, p.transition),
    mean,
    variance: series(`${field}.variance`, p.variance),
  };
}

/** A model as it came from the addon. */
export function unpackParameters(native: NativeHmmParameters): HmmParameters {
  const { degreesOfFreedom, initial, transition, mean, variance } = native;
  const shape = { states: mean.length, initial, transition, mean, variance };
  return typeof degreesOfFreedom === 'number'
    ? { emission: 'student-t', degreesOfFreedom, ...shape }
    : { emission: 'gaussian', ...shape };
}

import { object, scalar, series } from '../arguments.js';
import { loadNative } from '../native.js';
import { translated } from '../native-errors.js';

/** Intensity = baseline + Σ branching × decay × e^(−decay × age) over earlier events; all a second. */
export interface HawkesParameters {
  /** Events a second that come by themselves, above 0. */
  readonly baseline: number;
  /** Events each event causes on average, at least 0; stable below 1. */
  readonly branching: number;
  /** How fast excitement fades, a second, above 0. */
  readonly decay: number;
}

/** A fitted process. */
export interface HawkesFit extends HawkesParameters {
  /** Natural logarithm of the likelihood, times in seconds. */
  readonly logLikelihood: number;
  /** Whether the search came to rest. */
  readonly converged: boolean;
}

/** The time that was watched, which holds all events; in milliseconds. */
export interface HawkesSpan {
  readonly startMs: number;
  readonly endMs: number;
}

/**
 * Fits a Hawkes process (Hawkes 1971) by maximum likelihood in one pass an evaluation (Ozaki 1979);
 * branching comes out below 1. Deterministic. Times not falling, at least ten events.
 */
export function fitHawkes(timesMs: Float64Array, span: HawkesSpan): HawkesFit {
  const times = series('timesMs', timesMs);
  const [startMs, endMs] = bounds(span);
  const fit = translated(() => loadNative().fitHawkes(times, startMs, endMs));
  const { baseline, branching, decay, logLikelihood = Number.NaN, converged = false } = fit;
  return { baseline, branching, decay, logLikelihood, converged };
}

/** Intensity just before each event, events a second (Hawkes 1971). */
export function hawkesIntensity(timesMs: Float64Array, parameters: HawkesParameters): Float64Array {
  const times = series('timesMs', timesMs);
  const native = pack(parameters);
  return translated(() => loadNative().hawkesIntensity(times, native));
}

/** Natural logarithm of the likelihood of the events of a span, times in seconds (Ozaki 1979). */
export function hawkesLogLikelihood(
  timesMs: Float64Array,
  span: HawkesSpan,
  parameters: HawkesParameters,
): number {
  const times = series('timesMs', timesMs);
  const [startMs, endMs] = bounds(span);
  const native = pack(parameters);
  return translated(() => loadNative().hawkesLogLikelihood(times, startMs, endMs, native));
}

function bounds(span: HawkesSpan): [number, number] {
  const { startMs, endMs } = object('span', span);
  return [scalar('startMs', startMs), scalar('endMs', endMs)];
}

function pack(parameters: HawkesParameters): HawkesParameters {
  const { baseline, branching, decay } = object('parameters', parameters);
  return {
    baseline: scalar('parameters.baseline', baseline),
    branching: scalar('parameters.branching', branching),
    decay: scalar('parameters.decay', decay),
  };
}

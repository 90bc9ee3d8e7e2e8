/** Makes the median absolute deviation a standard deviation for normal data. */
const MAD_TO_SIGMA = 1.4826;
/** Highest score that is reported: a move out of a market that stood still has no finite one. */
export const MAX_SCORE = 1e6;

/** Moves the element of a rank to its place, smaller ones before it (Hoare 1961); sorting all would cost ten times as much. */
function selectInPlace(values: Float64Array, rank: number): number {
  let low = 0;
  let high = values.length - 1;
  while (low < high) {
    const pivot = values[(low + high) >> 1] as number;
    let i = low;
    let j = high;
    while (i <= j) {
      while ((values[i] as number) < pivot) i++;
      while ((values[j] as number) > pivot) j--;
      if (i > j) break;
      const swapped = values[i] as number;
      values[i++] = values[j] as number;
      values[j--] = swapped;
    }
    if (rank <= j) high = j;
    else if (rank >= i) low = i;
    else break;
  }
  return values[rank] as number;
}

/** Median of finite numbers; NaN for none. */
export function median(values: Float64Array): number {
  if (values.length === 0) return Number.NaN;
  const copy = values.slice();
  const middle = copy.length >> 1;
  const upper = selectInPlace(copy, middle);
  if (copy.length % 2 === 1) return upper;
  let lower = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < middle; i++) lower = Math.max(lower, copy[i] as number);
  return (lower + upper) / 2;
}

/**
 * How many robust standard deviations `value` lies from the median of `reference`, which must not hold the
 * value itself: an anomaly may not widen the yardstick it is measured with. Bounded by MAX_SCORE.
 */
export function robustZ(value: number, reference: Float64Array): number {
  const centre = median(reference);
  const distances = reference.map((other) => Math.abs(other - centre));
  let scale = median(distances) * MAD_TO_SIGMA;
  if (!(scale > 0)) {
    // More than half of the reference is one number: fall back to the mean distance.
    let sum = 0;
    for (const distance of distances) sum += distance;
    scale = sum / distances.length;
  }
  const away = value - centre;
  if (away === 0) return 0;
  if (!(scale > 0)) return Math.sign(away) * MAX_SCORE;
  return Math.max(-MAX_SCORE, Math.min(MAX_SCORE, away / scale));
}

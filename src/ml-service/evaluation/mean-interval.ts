/** A mean with its uncertainty, in the unit of what was averaged. */
export interface MeanInterval {
  readonly mean: number;
  readonly standardError: number;
  /** Ends of the 95 % interval. */
  readonly low: number;
  readonly high: number;
}

/** 97.5 % point of the standard normal distribution. */
const Z95 = 1.959963984540054;

/**
 * Lags that matter when neighbours are related, as those of overlapping horizons are: 4 (n / 100)^(2/9), the rule of
 * Newey & West (1994).
 */
export function automaticLag(count: number): number {
  return Math.min(Math.max(0, count - 1), Math.floor(4 * (count / 100) ** (2 / 9)));
}

/**
 * Mean of a series of estimates and its 95 % interval from the long-run variance with Bartlett weights (Newey &
 * West 1987), which for unrelated terms is the plain variance. Not a number for fewer than two terms.
 *
 * @param terms one a decision, in order of time
 */
export function meanInterval(terms: Float64Array, lag = automaticLag(terms.length)): MeanInterval {
  const count = terms.length;
  let sum = 0;
  for (const term of terms) sum += term;
  const mean = sum / count;
  if (count < 2) return { mean, standardError: Number.NaN, low: Number.NaN, high: Number.NaN };
  let longRun = covariance(terms, mean, 0);
  for (let k = 1; k <= lag; k++) longRun += 2 * (1 - k / (lag + 1)) * covariance(terms, mean, k);
  // n - 1: the mean was taken from the same terms.
  const standardError = Math.sqrt(Math.max(0, longRun) / (count - 1));
  return { mean, standardError, low: mean - Z95 * standardError, high: mean + Z95 * standardError };
}

function covariance(terms: Float64Array, mean: number, lag: number): number {
  let sum = 0;
  for (let i = lag; i < terms.length; i++) sum += ((terms[i] ?? 0) - mean) * ((terms[i - lag] ?? 0) - mean);
  return sum / terms.length;
}

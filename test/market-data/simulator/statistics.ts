/** Average. */
export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Standard deviation of the sample. */
export function deviation(values: readonly number[]): number {
  const centre = mean(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1));
}

/** Pearson's correlation. */
export function correlation(a: readonly number[], b: readonly number[]): number {
  const [centreA, centreB] = [mean(a), mean(b)];
  const covariance = mean(a.map((value, i) => (value - centreA) * ((b[i] ?? Number.NaN) - centreB)));
  return (covariance * a.length) / ((a.length - 1) * deviation(a) * deviation(b));
}

/** Sum with compensation for lost digits (Neumaier 1974). */
export function sum(values: readonly number[]): number {
  let total = 0;
  let lost = 0;
  for (const value of values) {
    const next = total + value;
    lost += Math.abs(total) >= Math.abs(value) ? total - next + value : value - next + total;
    total = next;
  }
  return total + lost;
}

/** 0 for no values. */
export function mean(values: readonly number[]): number {
  return values.length > 0 ? sum(values) / values.length : 0;
}

/** Standard error of the sum of independent values: sample standard deviation times the root of their number. */
export function standardErrorOfSum(values: readonly number[]): number {
  if (values.length < 2) return 0;
  const centre = mean(values);
  const squares = sum(values.map((value) => (value - centre) ** 2));
  return Math.sqrt((squares / (values.length - 1)) * values.length);
}

/** One line of the table: what was measured, and what it has to be. */
export interface Figure {
  readonly figure: string;
  readonly value: number;
  readonly unit: string;
  readonly bar: number;
  /** More is better. */
  readonly atLeast?: boolean;
  /** A time or a size: depends on the machine and on what else it does. */
  readonly measured?: boolean;
}

/** How long and how much. `full` is what the figures are promised for; `short` shows that all of it runs. */
export type Scale = 'full' | 'short';

/** Brings something about, measures it, and cleans up after itself. */
export interface Step {
  readonly name: string;
  run(scale: Scale): Promise<Figure[]>;
}

export function reached({ value, bar, atLeast }: Figure): boolean {
  return atLeast ? value >= bar : value <= bar;
}

/** The value below which `fraction` of them lie; 0 of none. */
export function quantile(values: readonly number[], fraction: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * fraction))] ?? 0;
}

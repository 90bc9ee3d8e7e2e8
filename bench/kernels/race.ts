import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Medians of contestants that took turns, in nanoseconds of the processor's time. */
export interface Times {
  readonly oursNs: number;
  readonly theirsNs: number;
}

/**
 * Both in turn, `rounds` times, after one round that does not count; which goes first changes from
 * round to round.
 */
export function race(rounds: number, ours: () => void, theirs: () => void): Times {
  const times: Record<'ours' | 'theirs', number[]> = { ours: [], theirs: [] };
  for (let round = -1; round < rounds; round++) {
    const order = [
      ['ours', ours],
      ['theirs', theirs],
    ] as const;
    for (const [name, run] of round % 2 === 0 ? order : [...order].reverse()) {
      const tookNs = timed(run);
      if (round >= 0) times[name].push(tookNs);
    }
  }
  return { oursNs: median(times.ours), theirsNs: median(times.theirs) };
}

/** One alone: the median of `rounds`, after one that does not count. */
export function alone(rounds: number, run: () => void): number {
  run();
  return median(Array.from({ length: rounds }, () => timed(run)));
}

export function timed(run: () => void): number {
  // Not by the clock on the wall: others may be using the processor too.
  const start = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(start);
  return (user + system) * 1e3;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

setFlagsFromString('--expose-gc');
/** Collects all garbage there is. */
export const collectGarbage = runInNewContext('gc') as () => void;

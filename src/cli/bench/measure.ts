import { type DeciderBooks, simulateDecider } from '../../fastcalc/index.js';
import { type Recovery, RecoveryCurve } from './recovery.js';
import type { Variant } from './variants.js';

/** Decisions between two points of a curve. */
const CURVE_STEP = 100;
/** The beginning, in which the learner must not fall behind. */
const EARLY = 1000;

/** What came of one stream over all seeds; payoffs per decision in basis points, or accuracy. */
export interface Measured {
  readonly name: string;
  readonly learner: number;
  readonly sized: number;
  readonly plurality: number;
  readonly best: number;
  readonly headroom: number;
  readonly worstHeadroom: number;
  /** Deepest fall behind plurality at any time in any seed, every trade in full; and at its size. */
  readonly shortfall: number;
  readonly sizedShortfall: number;
  /** Seeds whose first 1,000 decisions earned at least plurality's. */
  readonly earlyNotBelow: number;
  readonly must?: number;
  readonly aim?: number;
  /** Whether `must` is reached. */
  readonly reached?: boolean;
  /** Mean lead over plurality so far, every 100 decisions. */
  readonly lead: readonly number[];
  readonly recoveries: readonly Recovery[];
}

function mean(values: Iterable<number>): number {
  let total = 0;
  let count = 0;
  for (const value of values) {
    total += value;
    count += 1;
  }
  return total / count;
}

/** Deepest fall of the running lead of `own` over `other`. */
export function shortfallOf(own: Float64Array, other: Float64Array): number {
  let lead = 0;
  let worst = 0;
  for (let t = 0; t < own.length; t += 1) {
    lead += (own[t] ?? 0) - (other[t] ?? 0);
    if (lead < worst) worst = lead;
  }
  return -worst;
}

function addLead(curve: number[], books: DeciderBooks, seeds: number): void {
  let lead = 0;
  for (let t = 0; t < books.learner.length; t += 1) {
    lead += (books.learner[t] ?? 0) - (books.plurality[t] ?? 0);
    const place = (t + 1) / CURVE_STEP - 1;
    if (Number.isInteger(place)) curve[place] = (curve[place] ?? 0) + lead / seeds;
  }
}

/** Runs one stream over `seeds` seeds from `firstSeed` on. */
export function measure(variant: Variant, seeds: number, firstSeed: number, onSeed?: () => void): Measured {
  const rows: number[][] = [];
  const lead: number[] = [];
  const curves = RecoveryCurve.of(variant);
  let earlyNotBelow = 0;
  for (let seed = firstSeed; seed < firstSeed + seeds; seed += 1) {
    const books = simulateDecider(variant.stream, seed);
    const [learner, sized, plurality, best] = [books.learner, books.sized, books.plurality, books.best].map(
      mean,
    ) as [number, number, number, number];
    const headroom = (learner - plurality) / (best - plurality);
    const falls = [
      shortfallOf(books.learner, books.plurality),
      shortfallOf(books.sized, books.plurality),
    ] as const;
    rows.push([learner, sized, plurality, best, headroom, ...falls]);
    const early = mean(books.learner.subarray(0, EARLY)) - mean(books.plurality.subarray(0, EARLY));
    if (early >= -1e-9) earlyNotBelow += 1;
    addLead(lead, books, seeds);
    for (const curve of curves) curve.add(books);
    onSeed?.();
  }
  const column = (index: number): number[] => rows.map((row) => row[index] ?? Number.NaN);
  const learner = mean(column(0));
  const headroom = mean(column(4));
  const score = variant.stream.zeroOne ? learner : headroom;
  return {
    name: variant.name,
    learner,
    sized: mean(column(1)),
    plurality: mean(column(2)),
    best: mean(column(3)),
    headroom,
    worstHeadroom: Math.min(...column(4)),
    shortfall: Math.max(...column(5)),
    sizedShortfall: Math.max(...column(6)),
    earlyNotBelow,
    ...(variant.must === undefined ? {} : { must: variant.must, reached: score >= variant.must }),
    ...(variant.aim === undefined ? {} : { aim: variant.aim }),
    lead,
    recoveries: curves.map((curve) => curve.recovery()),
  };
}

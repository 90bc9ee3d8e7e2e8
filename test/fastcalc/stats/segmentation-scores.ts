/*
 * Scores of van den Burg, Williams, An Evaluation of Change Point Detection Algorithms, 2020: several
 * people annotated each series, and row 0 counts as a change point of everybody.
 */

type Changes = readonly number[];

/** A found change within it of an annotated one counts as that one. */
const MARGIN = 5;

/** Harmonic mean of precision against all annotators together and the mean recall of each. */
export function f1Of(truths: readonly Changes[], found: Changes): number {
  const predicted = new Set([0, ...found]);
  const sets = truths.map((changes) => new Set([0, ...changes]));
  const union = new Set(sets.flatMap((set) => [...set]));
  const precision = matched(union, predicted) / predicted.size;
  const recall = sets.reduce((sum, set) => sum + matched(set, predicted) / set.size, 0) / sets.length;
  return precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall);
}

/** Annotated changes that have a found one of their own within the margin. */
function matched(truth: ReadonlySet<number>, predicted: ReadonlySet<number>): number {
  const free = new Set(predicted);
  let count = 0;
  for (const change of [...truth].sort((a, b) => a - b)) {
    const near = [...free].filter((p) => Math.abs(p - change) <= MARGIN);
    near.sort((a, b) => Math.abs(a - change) - Math.abs(b - change));
    const taken = near[0];
    if (taken === undefined) continue;
    free.delete(taken);
    count += 1;
  }
  return count;
}

/** How well each annotated segment is covered by its best found one, weighted by length. */
export function coverOf(truths: readonly Changes[], found: Changes, rows: number): number {
  const predicted = spans(found, rows);
  const covers = truths.map((changes) => {
    const weighted = spans(changes, rows).map(([from, to]) => {
      const best = Math.max(...predicted.map(([start, end]) => overlap(from, to, start, end)));
      return ((to - from) * best) / rows;
    });
    return weighted.reduce((sum, v) => sum + v, 0);
  });
  return covers.reduce((sum, v) => sum + v, 0) / covers.length;
}

function overlap(from: number, to: number, start: number, end: number): number {
  const common = Math.max(0, Math.min(to, end) - Math.max(from, start));
  return common / (to - from + (end - start) - common);
}

function spans(changes: Changes, rows: number): [number, number][] {
  const ends = [...new Set([0, ...changes, rows])].sort((a, b) => a - b);
  return ends.slice(1).map((end, at) => [ends[at] ?? 0, end]);
}

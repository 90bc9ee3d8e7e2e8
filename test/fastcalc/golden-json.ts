import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';

import { projectRoot } from '../support/shared-data.js';

/** Numbers of a golden file; null stands for NaN. */
export type GoldenColumn = readonly (number | null)[];

/** A golden file of test/fastcalc/golden; its field `about` says how it was made. */
export function goldenJson<T>(name: string): T {
  return JSON.parse(readFileSync(join(projectRoot, 'test', 'fastcalc', 'golden', name), 'utf8')) as T;
}

/** A column of a golden file. */
export function columnOf(values: GoldenColumn): Float64Array {
  return Float64Array.from(values, (v) => v ?? Number.NaN);
}

/** Asserts that a number is within `relative` of the expected one (or of 1 for smaller ones, scaled). */
export function expectNear(actual: number, expected: number, relative: number, what = 'value'): void {
  const bound = relative * Math.max(1e-6, Math.abs(expected));
  expect(Math.abs(actual - expected), `${what}: ${actual} is not ${expected}`).to.be.at.most(bound);
}

/** Asserts that every row agrees within `relative`, and that NaN is where null is. */
export function expectColumn(
  actual: Float64Array,
  expected: GoldenColumn,
  relative: number,
  what: string,
): void {
  expect(actual.length, what).to.equal(expected.length);
  expected.forEach((value, row) => {
    const here = actual[row] ?? 0;
    if (value === null) expect(here, `${what}[${row}]`).to.be.NaN;
    else expectNear(here, value, relative, `${what}[${row}]`);
  });
}

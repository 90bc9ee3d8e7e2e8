import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { expect } from 'chai';

/** Columns of a golden CSV file by header; an empty cell is NaN. */
export class GoldenTable {
  readonly #header: readonly string[];
  readonly #rows: readonly (readonly string[])[];

  constructor(path: string) {
    const bytes = readFileSync(path);
    const text = (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
    const lines = text
      .replace(/^\ufeff/, '')
      .trim()
      .split(/\r?\n/);
    const [header = [], ...rows] = lines.map((line) => line.split(',').map((cell) => cell.trim()));
    this.#header = header;
    this.#rows = rows;
  }

  column(name: string): Float64Array {
    const at = this.#header.indexOf(name);
    if (at < 0) throw new Error(`no column ${name} among ${this.#header.join(', ')}`);
    return Float64Array.from(this.#rows, (row) => {
      const cell = row[at] ?? '';
      return cell === '' ? Number.NaN : Number(cell);
    });
  }
}

/** Asserts that all rows that both have agree within `relative` from row `from` on, and are many. */
export function expectClose(
  actual: Float64Array,
  expected: Float64Array,
  relative: number,
  from = 0,
  least = 100,
): void {
  expect(actual.length).to.equal(expected.length);
  let compared = 0;
  for (let row = from; row < expected.length; row += 1) {
    const [a = Number.NaN, e = Number.NaN] = [actual[row], expected[row]];
    if (Number.isNaN(a) || Number.isNaN(e)) continue;
    expect(Math.abs(a - e), `row ${row}: ${a} is not ${e}`).to.be.at.most(
      relative * Math.max(1e-9, Math.abs(e)),
    );
    compared += 1;
  }
  expect(compared).to.be.at.least(least);
}

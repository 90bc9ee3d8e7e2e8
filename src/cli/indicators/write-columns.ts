import type { CandleFile } from './read-candles.js';

/** Digits that hold a double exactly. */
const DIGITS = 17;

/**
 * CSV of columns under their headings, the time column first if there is one; empty where a value is
 * missing. Headings with a comma are quoted, and so is an empty cell that stands alone: readers skip blank
 * lines.
 */
export function formatColumns(
  time: CandleFile['time'],
  headings: readonly string[],
  columns: ReadonlyMap<string, Float64Array>,
): string {
  const values = headings.map((heading) => columns.get(heading) ?? new Float64Array(0));
  const head = time === undefined ? headings : [time.header, ...headings];
  const lines = [head.map(quoted).join(',')];
  const rows = values[0]?.length ?? 0;
  for (let row = 0; row < rows; row += 1) {
    const cells = values.map((column) => formatNumber(column[row] ?? Number.NaN));
    const line = (time === undefined ? cells : [quoted(time.cells[row] ?? ''), ...cells]).join(',');
    lines.push(line === '' ? '""' : line);
  }
  return `${lines.join('\n')}\n`;
}

function formatNumber(value: number): string {
  return Number.isNaN(value) ? '' : value.toPrecision(DIGITS);
}

function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

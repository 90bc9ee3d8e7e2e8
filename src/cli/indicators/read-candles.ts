import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import type { IndicatorCandles } from '../../fastcalc/index.js';
import { invalidArgument, ServiceError } from '../../runtime/index.js';

/** Headers, in lower case, that hold the time; the first one found counts. */
const TIME_HEADERS = ['time_ms', 'timems', 'time', 'timestamp', 'date', 'datetime'];
/** Longest text quoted in an error. */
const QUOTED = 40;

/** Candles of a file. */
export interface CandleFile {
  readonly candles: IndicatorCandles;
  /** The time column as it stands in the file, if there is one. */
  readonly time?: { readonly header: string; readonly cells: readonly string[] };
}

/**
 * Reads the wanted columns of a CSV file with a header (any case, any order, other columns are left
 * alone); an empty cell is a missing value. Throws INVALID_ARGUMENT naming line and column.
 */
export function readCandles(path: string, wanted: readonly (keyof IndicatorCandles)[]): CandleFile {
  const [header = [], ...rows] = readRows(path);
  const names = header.map((name) => name.trim().toLowerCase());
  const timeName = TIME_HEADERS.find((name) => names.includes(name));
  const timeAt = timeName === undefined ? -1 : names.indexOf(timeName);
  const candles: Partial<Record<keyof IndicatorCandles, Float64Array>> = {};
  for (const name of wanted) {
    const at = name === 'timeMs' ? timeAt : names.indexOf(name);
    if (at < 0) throw invalidArgument('input', header.join(','), `a file with a column ${name}`);
    const read = name === 'timeMs' ? readTime : readNumber;
    candles[name] = Float64Array.from(rows, (row, index) => read(row[at] ?? '', name, index));
  }
  // Without a column that is read there are still rows to count.
  if (timeAt < 0) return { candles };
  const cells = rows.map((row) => row[timeAt] ?? '');
  return { candles, time: { header: (header[timeAt] ?? '').trim(), cells } };
}

function readRows(path: string): string[][] {
  try {
    const bytes = readFileSync(path);
    const text = path.endsWith('.gz') ? gunzipSync(bytes) : bytes;
    return parse(text, { bom: true, trim: true, skip_empty_lines: true, relax_column_count: true });
  } catch (cause) {
    throw new ServiceError('INVALID_ARGUMENT', `input: cannot read ${path}: ${String(cause)}`, {
      field: 'input',
      cause,
    });
  }
}

function readNumber(cell: string, name: string, index: number): number {
  if (cell === '') return Number.NaN;
  const value = Number(cell);
  if (Number.isFinite(value)) return value;
  throw invalidArgument(
    `${name}[${index}]`,
    cell.slice(0, QUOTED),
    'a finite number, or empty where missing',
  );
}

/** Milliseconds as they are, or a date; one without a zone is UTC. */
function readTime(cell: string, name: string, index: number): number {
  if (cell === '') return Number.NaN;
  const number = Number(cell);
  if (Number.isFinite(number)) return number;
  const zoned = /(?:Z|[+-]\d\d:?\d\d)$/i.test(cell) ? cell : `${cell} UTC`;
  const time = Number.isNaN(Date.parse(zoned)) ? Date.parse(cell) : Date.parse(zoned);
  if (Number.isFinite(time)) return time;
  throw invalidArgument(`${name}[${index}]`, cell.slice(0, QUOTED), 'Unix milliseconds or a date');
}

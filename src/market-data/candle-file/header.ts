import { describeValue } from '../../runtime/index.js';
import { CANDLE_COLUMNS, type CandleColumn } from '../types.js';
import { fileFault } from './file-fault.js';

/** Names a column goes by, best first: of several time columns the most exact one is read. */
const ALIASES: Readonly<Record<CandleColumn, readonly string[]>> = {
  timeMs: ['time_ms', 'timems', 'open_time', 'timestamp', 'time', 'unix', 'datetime', 'date'],
  open: ['open', 'o'],
  high: ['high', 'h'],
  low: ['low', 'l'],
  close: ['close', 'c'],
  volume: ['volume', 'vol', 'v'],
};

/** Columns that say their unit. */
const MILLISECOND_NAMES: ReadonlySet<string> = new Set(['time_ms', 'timems']);

/** Where each column of candles stands in a row. */
export interface Header {
  readonly index: Readonly<Record<CandleColumn, number>>;
  /** The names as the file writes them, for messages. */
  readonly name: Readonly<Record<CandleColumn, string>>;
  readonly timeIsMilliseconds: boolean;
}

/** `Open Time`, `open-time` and `open_time` are one name. */
function normalise(name: string): string {
  return name.trim().toLowerCase().replaceAll(/[ -]/g, '_');
}

/**
 * Finds the columns by their names, whatever their case and order; others are ignored.
 *
 * @throws ServiceError INVALID_ARGUMENT that names the missing or the repeated column
 */
export function readHeader(file: string, line: number, names: readonly string[]): Header {
  const normal = names.map(normalise);
  const index = {} as Record<CandleColumn, number>;
  const name = {} as Record<CandleColumn, string>;
  for (const column of CANDLE_COLUMNS) {
    const alias = ALIASES[column].find((candidate) => normal.includes(candidate));
    if (alias === undefined) {
      const allowed = `a header with a column ${ALIASES[column].join(' or ')}`;
      throw fileFault({ file, line, column }, describeValue(names.join(',')), allowed);
    }
    index[column] = normal.indexOf(alias);
    name[column] = names[index[column]]?.trim() ?? alias;
    if (normal.lastIndexOf(alias) !== index[column])
      throw fileFault({ file, line, column: name[column] }, 'named twice', 'named once in the header');
  }
  return { index, name, timeIsMilliseconds: MILLISECOND_NAMES.has(normalise(name.timeMs)) };
}

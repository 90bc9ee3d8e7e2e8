import { describeValue } from '../../runtime/index.js';
import { CANDLE_COLUMNS, type CandleColumn } from '../types.js';
import { fileFault } from './file-fault.js';
import { type Header, readHeader } from './header.js';
import { TimeReader } from './time-reader.js';

/** The columns of a candle file, before symbol and timeframe are known. */
export type CandleColumns = Readonly<Record<CandleColumn, Float64Array>>;

const FIRST_CAPACITY = 4096;
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

/** Takes the rows of a file one by one, checks each, and keeps them as growing columns. */
export class RowCollector {
  readonly #file: string;
  readonly #columns: Record<CandleColumn, Float64Array>;
  #header: Header | undefined;
  #times = new TimeReader(false);
  #rows = 0;

  /** @param file the name for messages */
  constructor(file: string) {
    this.#file = file;
    const empty = (): Float64Array => new Float64Array(FIRST_CAPACITY);
    this.#columns = {
      timeMs: empty(),
      open: empty(),
      high: empty(),
      low: empty(),
      close: empty(),
      volume: empty(),
    };
  }

  /** Candles taken so far. */
  get rows(): number {
    return this.#rows;
  }

  /**
   * Takes the header first, then candles.
   *
   * @throws ServiceError INVALID_ARGUMENT that names line, column, what was there and what is allowed
   */
  take(fields: readonly string[], line: number): void {
    if (!this.#header) {
      this.#header = readHeader(this.#file, line, fields);
      this.#times = new TimeReader(this.#header.timeIsMilliseconds);
      return;
    }
    const row = this.#rows;
    if (row === this.#columns.timeMs.length) this.#grow();
    const columns = this.#columns;
    columns.timeMs[row] = this.#time(this.#header, fields, line);
    const open = this.#number(this.#header, 'open', fields, line);
    const high = this.#number(this.#header, 'high', fields, line);
    const low = this.#number(this.#header, 'low', fields, line);
    const close = this.#number(this.#header, 'close', fields, line);
    const volume = this.#number(this.#header, 'volume', fields, line);
    if (low <= 0) this.#refuse(this.#header, 'low', low, 'a price above 0', line);
    if (high < low) this.#refuse(this.#header, 'high', high, `at least low, ${low}`, line);
    if (open < low || open > high)
      this.#refuse(this.#header, 'open', open, `from low to high, ${low} to ${high}`, line);
    if (close < low || close > high)
      this.#refuse(this.#header, 'close', close, `from low to high, ${low} to ${high}`, line);
    if (volume < 0) this.#refuse(this.#header, 'volume', volume, 'at least 0', line);
    columns.open[row] = open;
    columns.high[row] = high;
    columns.low[row] = low;
    columns.close[row] = close;
    columns.volume[row] = volume;
    this.#rows = row + 1;
  }

  /** @throws ServiceError INVALID_ARGUMENT when there was no header or no candle */
  finish(): CandleColumns {
    if (!this.#header) throw fileFault({ file: this.#file }, 'empty', 'a header and candles');
    if (this.#rows === 0)
      throw fileFault({ file: this.#file }, 'a header only', 'a header and at least one candle');
    for (const name of CANDLE_COLUMNS) this.#columns[name] = this.#columns[name].slice(0, this.#rows);
    return this.#columns;
  }

  #time(header: Header, fields: readonly string[], line: number): number {
    const text = fields[header.index.timeMs] ?? '';
    const timeMs = this.#times.read(text);
    if (!Number.isSafeInteger(timeMs)) this.#refuse(header, 'timeMs', text, this.#times.allowed, line);
    const before = this.#rows === 0 ? Number.NEGATIVE_INFINITY : (this.#columns.timeMs[this.#rows - 1] ?? 0);
    if (timeMs === before)
      this.#refuse(header, 'timeMs', text, 'later than the row before, which has it too', line);
    if (timeMs < before) {
      const shown = new Date(before).toISOString();
      this.#refuse(header, 'timeMs', text, `later than the row before, ${shown}: oldest first`, line);
    }
    return timeMs;
  }

  #number(header: Header, column: CandleColumn, fields: readonly string[], line: number): number {
    const text = fields[header.index[column]] ?? '';
    const value = NUMBER.test(text) ? Number(text) : Number.NaN;
    if (!Number.isFinite(value)) this.#refuse(header, column, text, 'a number', line);
    return value;
  }

  #refuse(header: Header, column: CandleColumn, actual: unknown, allowed: string, line: number): never {
    throw fileFault({ file: this.#file, line, column: header.name[column] }, describeValue(actual), allowed);
  }

  #grow(): void {
    for (const name of CANDLE_COLUMNS) {
      const wider = new Float64Array(this.#columns[name].length * 2);
      wider.set(this.#columns[name]);
      this.#columns[name] = wider;
    }
  }
}

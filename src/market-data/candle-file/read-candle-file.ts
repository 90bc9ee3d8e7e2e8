import { type FileHandle, open } from 'node:fs/promises';
import { basename } from 'node:path';
import { Transform, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { CsvError, parse } from 'csv-parse';
import { invalidArgument, ServiceError } from '../../runtime/index.js';
import { checkSymbol } from '../symbol.js';
import { timeframeMs } from '../timeframe.js';
import type { CandleSeries } from '../types.js';
import { fileFault } from './file-fault.js';
import { guessSymbol, guessTimeframe } from './guess.js';
import { RowCollector } from './row-collector.js';

/** How far the reading of a file has come. */
export interface ReadProgress {
  /** Of the file as it lies on the disk, so compressed where it is. */
  readonly bytesRead: number;
  readonly totalBytes: number;
  /** Candles so far. */
  readonly rows: number;
}

export interface ReadCandleFileOptions {
  /** Default: what the file name says, `binance-spot-BTC_USDT-5m.csv.gz` → `BTC/USDT`. */
  readonly symbol?: string;
  /** Default: what the file name or else the median spacing of the times says. */
  readonly timeframe?: string;
  /** Read only the first so many candles; the rest is not looked at. Default: all. */
  readonly limitRows?: number;
  /** Called for every chunk read. */
  readonly onProgress?: (progress: ReadProgress) => void;
}

/** A longer line is no row of candles; without a bound a file without line ends fills the memory. */
const MAX_ROW_CHARACTERS = 65_536;

/**
 * Reads candles from a CSV file, plain or gzip (told by its content), row by row.
 *
 * The header names the columns in any case and order: time (`time`, `time_ms`, `timestamp`, `date`,
 * `datetime`, `open_time`, `unix`), `open`, `high`, `low`, `close`, `volume` or their first letters;
 * other columns are ignored. Times are Unix seconds, milliseconds, microseconds or nanoseconds, ISO 8601
 * (UTC where no zone is written), `20000103`, or `Jan 3 2000`.
 *
 * @throws ServiceError NOT_FOUND when there is no such file; INVALID_ARGUMENT `file:line: column: actual;
 *   must be …` for a missing column, no number, a price of 0 or less, high < low, open or close outside
 *   them, negative volume, a time that does not rise, an empty or damaged file
 */
export async function readCandleFile(
  path: string,
  options: ReadCandleFileOptions = {},
): Promise<CandleSeries> {
  const { limitRows } = options;
  if (limitRows !== undefined && (!Number.isSafeInteger(limitRows) || limitRows < 1))
    throw invalidArgument('limitRows', limitRows, 'an integer of at least 1');
  if (options.symbol !== undefined) checkSymbol(options.symbol);
  if (options.timeframe !== undefined) timeframeMs(options.timeframe);

  const file = basename(path);
  const collector = new RowCollector(file);
  const handle = await openFile(path, file);
  try {
    await readRows(handle, file, collector, options);
  } finally {
    await handle.close();
  }
  const columns = collector.finish();
  const symbol = options.symbol ?? guessSymbol(path);
  const timeframe = options.timeframe ?? guessTimeframe(path, columns.timeMs);
  if (timeframe === undefined)
    throw invalidArgument('timeframe', undefined, `given for ${file}, which holds a single candle`);
  return { symbol, timeframe, ...columns };
}

async function openFile(path: string, file: string): Promise<FileHandle> {
  try {
    const handle = await open(path, 'r');
    if ((await handle.stat()).isFile()) return handle;
    await handle.close();
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT')
      throw new ServiceError('NOT_FOUND', `${file}: no such file`, { details: { file }, cause });
    throw fileFault({ file }, 'an unreadable file', 'a file that may be read', cause);
  }
  throw fileFault({ file }, 'a folder or device', 'a CSV file');
}

/** Thrown through the pipeline to end it once enough is read. */
class EnoughRows extends Error {}

async function readRows(
  handle: FileHandle,
  file: string,
  collector: RowCollector,
  { limitRows = Number.POSITIVE_INFINITY, onProgress }: ReadCandleFileOptions,
): Promise<void> {
  const totalBytes = (await handle.stat()).size;
  const source = handle.createReadStream({ start: 0, autoClose: false });
  const parser = parse({
    bom: true,
    delimiter: [',', ';', '\t'],
    trim: true,
    skip_empty_lines: true,
    max_record_size: MAX_ROW_CHARACTERS,
    // Rows are taken here and not passed on: streaming them as objects costs more than parsing.
    on_record: (fields: readonly string[], { lines }) => {
      if (collector.rows >= limitRows) throw new EnoughRows();
      collector.take(fields, lines);
      return null;
    },
  });
  const counter = new Transform({
    transform(chunk, _encoding, done) {
      try {
        onProgress?.({ bytesRead: source.bytesRead, totalBytes, rows: collector.rows });
      } catch (thrown) {
        // Thrown out of a stream it would end the process.
        done(thrown instanceof Error ? thrown : new Error(String(thrown)));
        return;
      }
      done(null, chunk);
    },
  });
  const nowhere = new Writable({ objectMode: true, write: (_row, _encoding, done) => done() });
  try {
    if (await isGzip(handle)) await pipeline(source, createGunzip(), counter, parser, nowhere);
    else await pipeline(source, counter, parser, nowhere);
  } catch (thrown) {
    if (!(thrown instanceof EnoughRows)) throw readFault(file, thrown);
  }
}

async function isGzip(handle: FileHandle): Promise<boolean> {
  const { bytesRead, buffer } = await handle.read(Buffer.alloc(2), 0, 2, 0);
  return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b;
}

function readFault(file: string, thrown: unknown): unknown {
  if (thrown instanceof ServiceError) return thrown;
  if (thrown instanceof CsvError) {
    const line = typeof thrown['lines'] === 'number' ? thrown['lines'] : undefined;
    const [reason] = thrown.message.split('\n');
    return fileFault(
      line === undefined ? { file } : { file, line },
      `${reason}`,
      'CSV rows as long as the header',
      thrown,
    );
  }
  const code = (thrown as NodeJS.ErrnoException).code ?? '';
  if (code.startsWith('Z_'))
    return fileFault({ file }, `gzip that ends early or is damaged (${code})`, 'whole gzip', thrown);
  if (code !== '') return fileFault({ file }, `unreadable (${code})`, 'a file that can be read', thrown);
  // What the caller's onProgress threw.
  return thrown;
}

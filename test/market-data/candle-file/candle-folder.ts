import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import {
  type CandleSeries,
  type ReadCandleFileOptions,
  readCandleFile,
} from '#conclave/market-data/index.js';
import { ServiceError } from '#conclave/runtime/index.js';

/** A scratch folder of candle files, removed after each test. */
export class CandleFolder {
  path = '';

  readonly create = (): void => {
    this.path = mkdtempSync(join(tmpdir(), 'conclave-candles-'));
  };

  readonly remove = (): void => {
    rmSync(this.path, { recursive: true, force: true });
  };

  /** Writes a file and reads it as candles. */
  read(content: string | Buffer, options?: ReadCandleFileOptions, name = 'p.csv'): Promise<CandleSeries> {
    const path = join(this.path, name);
    writeFileSync(path, content);
    return readCandleFile(path, options);
  }

  /** The error that reading the file ends with. */
  async fault(
    content: string | Buffer,
    options?: ReadCandleFileOptions,
    name?: string,
  ): Promise<ServiceError> {
    return faultOf(this.read(content, options, name));
  }
}

/** The ServiceError a promise is rejected with. */
export async function faultOf(reading: Promise<unknown>): Promise<ServiceError> {
  try {
    await reading;
  } catch (thrown) {
    expect(thrown).to.be.instanceOf(ServiceError);
    return thrown as ServiceError;
  }
  throw new Error('nothing was thrown');
}

/** The header that most files have. */
export const HEADER = 'time_ms,open,high,low,close,volume\n';

import { ServiceError } from '../../runtime/index.js';

/** Where in a candle file something is wrong. */
export interface FilePlace {
  /** Name without folders: a message may travel. */
  readonly file: string;
  /** From 1. */
  readonly line?: number;
  readonly column?: string;
}

/** INVALID_ARGUMENT `prices.csv:17: high: 3; must be …`; file and line stand in `details` as well. */
export function fileFault(place: FilePlace, shown: string, allowed: string, cause?: unknown): ServiceError {
  const { file, line, column } = place;
  const at = line === undefined ? file : `${file}:${line}`;
  const what = column === undefined ? '' : `${column}: `;
  return new ServiceError('INVALID_ARGUMENT', `${at}: ${what}${shown}; must be ${allowed}`, {
    ...(column === undefined ? {} : { field: column }),
    details: line === undefined ? { file } : { file, line },
    ...(cause === undefined ? {} : { cause }),
  });
}

import { pathToFileURL } from 'node:url';
import Database from 'libsql';
import { sqlError } from './sql-error.js';

export type SqlValue = number | string | Uint8Array | null;

/** A prepared statement; `Row` is what its columns are called and hold. */
export interface SqlStatement<Row> {
  run(values: readonly SqlValue[]): { readonly changes: number };
  get(values: readonly SqlValue[]): Row | undefined;
  all(values: readonly SqlValue[]): Row[];
}

export interface SqlDatabaseOptions {
  /** Opens without creating or writing; also closes without tidying up. */
  readonly readOnly?: boolean;
  /** How long a statement waits for another connection's lock. */
  readonly busyTimeoutMs?: number;
}

/**
 * One connection. It stands between us and three habits of libsql 0.5 that end the process instead
 * of throwing: a lone object as parameter is taken for named ones, and text that is not UTF-8 is
 * unwrapped. So values travel only as arrays, and statements read text as `CAST(… AS BLOB)`.
 */
export class SqlDatabase {
  readonly #database: Database.Database;
  readonly #file: string;

  /** @throws ServiceError FAILED_PRECONDITION when the file cannot be opened */
  constructor(file: string, options: SqlDatabaseOptions = {}) {
    this.#file = file;
    const place = options.readOnly === true ? `${pathToFileURL(file).href}?mode=ro` : file;
    this.#database = this.#guard(() => new Database(place, { timeout: options.busyTimeoutMs ?? 5000 }));
  }

  /** Runs statements that return nothing. */
  exec(sql: string): void {
    this.#guard(() => this.#database.exec(sql));
  }

  prepare<Row = unknown>(sql: string): SqlStatement<Row> {
    const statement = this.#guard(() => this.#database.prepare(sql));
    return {
      run: (values) => this.#guard(() => statement.run([...values])),
      get: (values) => this.#guard(() => statement.get([...values]) as Row | undefined),
      all: (values) => this.#guard(() => statement.all([...values]) as Row[]),
    };
  }

  /** Whether a transaction is open. */
  get inTransaction(): boolean {
    return this.#database.inTransaction;
  }

  /**
   * Ends use of the connection. Its files stay open until the statements are garbage-collected, which
   * libsql offers no way to hasten: open connections once, not in a loop, and leave no transaction open.
   */
  close(): void {
    this.#guard(() => this.#database.close());
  }

  #guard<T>(action: () => T): T {
    try {
      return action();
    } catch (thrown) {
      throw sqlError(thrown, this.#file);
    }
  }
}

/** A blob column as plain bytes: libsql gives an ArrayBuffer or a Buffer, depending on the call. */
export function blobBytes(value: ArrayBuffer | Uint8Array): Uint8Array {
  return value instanceof ArrayBuffer
    ? new Uint8Array(value)
    : new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
}

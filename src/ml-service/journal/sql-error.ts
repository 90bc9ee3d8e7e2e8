import { ServiceError } from '../../runtime/index.js';

/** After these a transaction is rolled back and nothing else happened: trying again later is sound. */
const TRANSIENT = ['SQLITE_FULL', 'SQLITE_BUSY', 'SQLITE_LOCKED', 'SQLITE_NOMEM'];
/** The plain error, too: all our SQL is fixed, so it fails only on tables that are not as we made them. */
const DAMAGE = [
  'SQLITE_CORRUPT',
  'SQLITE_NOTADB',
  'SQLITE_FORMAT',
  'SQLITE_CONSTRAINT',
  'SQLITE_MISMATCH',
  'SQLITE_ERROR',
];
const ACCESS = ['SQLITE_CANTOPEN', 'SQLITE_READONLY', 'SQLITE_PERM', 'SQLITE_AUTH'];

/** Result codes as libsql words them when it cannot even open a file. */
const OPEN_FAILURE = /: (\d+)"?\)?$/;

function sqliteCode(thrown: unknown): string {
  const { code } = (thrown ?? {}) as { code?: unknown };
  if (typeof code === 'string' && code.startsWith('SQLITE_')) return code;
  const primary = Number(OPEN_FAILURE.exec(thrown instanceof Error ? thrown.message : '')?.[1]);
  if (primary === 14) return 'SQLITE_CANTOPEN';
  if (primary === 26) return 'SQLITE_NOTADB';
  return 'UNKNOWN';
}

function isOneOf(code: string, family: readonly string[]): boolean {
  return family.some((name) => code === name || code.startsWith(`${name}_`));
}

/** What SQLite threw, as a ServiceError that names the file; `details.sqlite` holds its code. */
export function sqlError(thrown: unknown, file: string): ServiceError {
  if (thrown instanceof ServiceError) return thrown;
  const sqlite = sqliteCode(thrown);
  const options = { cause: thrown, details: { sqlite, file } };
  const text = thrown instanceof Error ? thrown.message : String(thrown);
  if (isOneOf(sqlite, DAMAGE)) return new ServiceError('DATA_LOSS', `${file}: damaged: ${text}`, options);
  if (isOneOf(sqlite, ACCESS))
    return new ServiceError('FAILED_PRECONDITION', `${file}: no access: ${text}`, options);
  if (isOneOf(sqlite, TRANSIENT) || isOneOf(sqlite, ['SQLITE_IOERR']))
    return new ServiceError('UNAVAILABLE', `${file}: ${sqlite}: ${text}`, options);
  return new ServiceError('INTERNAL', `${file}: ${sqlite}: ${text}`, options);
}

/** True for a full disk and the like, false for an I/O error after which nothing may be trusted. */
export function isTransient(error: ServiceError): boolean {
  const sqlite = error.details?.['sqlite'];
  return typeof sqlite === 'string' && isOneOf(sqlite, TRANSIENT);
}

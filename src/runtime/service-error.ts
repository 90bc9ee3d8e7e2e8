/** The closed list of error codes of the wire protocol; nothing outside it ever reaches a caller. */
export const ERROR_CODES = [
  'INVALID_ARGUMENT',
  'UNAUTHENTICATED',
  'PERMISSION_DENIED',
  'NOT_FOUND',
  'ALREADY_EXISTS',
  'FAILED_PRECONDITION',
  'CONFLICT',
  'RESOURCE_EXHAUSTED',
  'DEADLINE_EXCEEDED',
  'UNAVAILABLE',
  'UNIMPLEMENTED',
  'CANCELLED',
  'INTERNAL',
  'DATA_LOSS',
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

const CODES: ReadonlySet<string> = new Set(ERROR_CODES);

/** Codes after which the same request, sent again with the same key, may succeed. */
const RETRYABLE: ReadonlySet<ErrorCode> = new Set([
  'RESOURCE_EXHAUSTED',
  'DEADLINE_EXCEEDED',
  'UNAVAILABLE',
  'INTERNAL',
]);

/** True for a string of the closed code list. */
export function isErrorCode(text: unknown): text is ErrorCode {
  return typeof text === 'string' && CODES.has(text);
}

export interface ServiceErrorOptions {
  /** Path of the offending field, e.g. `candles.close[3]`. */
  readonly field?: string;
  /** Small map of plain values that helps the caller; never secrets. */
  readonly details?: Readonly<Record<string, unknown>>;
  /** Milliseconds after which trying again makes sense. */
  readonly retryAfterMs?: number;
  readonly cause?: unknown;
}

/**
 * The one error class of Conclave. `message` is for people and carries no secret and no stack;
 * `code` is for programs.
 */
export class ServiceError extends Error {
  override readonly name = 'ServiceError';
  readonly code: ErrorCode;
  readonly field: string | undefined;
  readonly details: Readonly<Record<string, unknown>> | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(code: ErrorCode, message: string, options: ServiceErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.field = options.field;
    this.details = options.details;
    this.retryAfterMs = options.retryAfterMs;
  }

  /** Whether the protocol allows to send the same request again. */
  get retryable(): boolean {
    return RETRYABLE.has(this.code);
  }

  /**
   * Anything thrown, as a ServiceError. What is none becomes `fallback` with the original as its
   * cause; its text is kept out of the message, which may travel to a stranger.
   */
  static from(thrown: unknown, fallback: ErrorCode = 'INTERNAL'): ServiceError {
    if (thrown instanceof ServiceError) return thrown;
    return new ServiceError(fallback, 'internal error', { cause: thrown });
  }
}

const SHOWN_CHARACTERS = 80;

/** A short, safe picture of a rejected value for an error message. */
export function describeValue(actual: unknown): string {
  if (actual === undefined) return 'missing';
  if (actual === null) return 'null';
  if (typeof actual === 'string') {
    const cut = actual.length > SHOWN_CHARACTERS ? `${actual.slice(0, SHOWN_CHARACTERS)}…` : actual;
    return JSON.stringify(cut);
  }
  if (typeof actual === 'number' || typeof actual === 'boolean') return String(actual);
  if (typeof actual === 'bigint') return `${actual}n`;
  if (Array.isArray(actual)) return `an array of ${actual.length}`;
  if (ArrayBuffer.isView(actual)) return `${actual.constructor.name} of ${actual.byteLength} bytes`;
  if (typeof actual === 'function') return 'a function';
  return 'an object';
}

/** INVALID_ARGUMENT that names the field, what was given and what is allowed. */
export function invalidArgument(field: string, actual: unknown, allowed: string): ServiceError {
  return new ServiceError('INVALID_ARGUMENT', `${field}: ${describeValue(actual)}; must be ${allowed}`, {
    field,
  });
}

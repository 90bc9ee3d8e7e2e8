import { isErrorCode, ServiceError } from '../runtime/index.js';

/** Runs a call of the addon and turns its errors into ServiceErrors. */
export function translated<T>(call: () => T): T {
  try {
    return call();
  } catch (error) {
    throw translate(error);
  }
}

/** The ServiceError behind an error of the addon, whose text is code, field and message. */
export function translate(error: unknown): ServiceError {
  if (error instanceof ServiceError) return error;
  const text = error instanceof Error ? error.message : String(error);
  const [code, field, message] = text.split('\u001f');
  if (!isErrorCode(code) || field === undefined || message === undefined) return ServiceError.from(error);
  return new ServiceError(code, message, { field, cause: error });
}

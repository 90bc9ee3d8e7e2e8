import { ServiceError } from '../../runtime/index.js';

/** A failed bind, with the endpoint and the system's reason in words for the person who configured it. */
export function bindError(field: string, endpoint: string, cause: unknown): ServiceError {
  const code = (cause as NodeJS.ErrnoException).code;
  const why =
    code === 'EADDRINUSE' ? 'it is in use' : `${code ?? 'unknown'}: ${(cause as Error).message ?? cause}`;
  return new ServiceError('FAILED_PRECONDITION', `${field}: cannot bind ${endpoint}: ${why}`, {
    field,
    cause,
  });
}

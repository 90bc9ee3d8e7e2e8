import { ServiceError } from '../../runtime/index.js';

/** INVALID_ARGUMENT for bytes that are no legal document; `offset` is where the reader gave up. */
export function malformed(reason: string, offset: number): ServiceError {
  return new ServiceError('INVALID_ARGUMENT', `${reason} (at byte ${offset})`, { field: 'body' });
}

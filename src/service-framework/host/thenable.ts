import { ServiceError } from '../../runtime/index.js';

/**
 * A handler's value as it is, unless it has a callable `then`: resolving a promise with that would run
 * it. A `then` that is data passes.
 *
 * @throws ServiceError INTERNAL
 */
export function refuseThenable<T>(value: T): T {
  if (
    typeof value === 'object' &&
    value !== null &&
    typeof (value as { readonly then?: unknown }).then === 'function'
  )
    throw new ServiceError('INTERNAL', 'a handler answered with a callable `then` that is no promise');
  return value;
}

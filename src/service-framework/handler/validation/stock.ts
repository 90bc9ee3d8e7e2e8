import { type ValidationError, validateSync } from 'class-validator';
import { describeValue, ServiceError } from '../../../runtime/index.js';
import { pathTo } from './build-instance.js';

/**
 * The slow way, for classes that use more of class-transformer or class-validator than is compiled.
 *
 * @throws ServiceError INVALID_ARGUMENT for the first error found
 */
export function checkWithStock(instance: object, path: string): void {
  const [error] = validateSync(instance, { whitelist: true, forbidUnknownValues: true });
  if (error) throw toServiceError(error, path);
}

function toServiceError(error: ValidationError, path: string): ServiceError {
  const field = pathOf(error, path);
  const [child] = error.children ?? [];
  if (child) return toServiceError(child, field);
  const [message = 'refused'] = Object.values(error.constraints ?? {});
  return new ServiceError(
    'INVALID_ARGUMENT',
    `${field}: ${describeValue(error.value)}; must be such that ${message}`,
    {
      field,
    },
  );
}

/** class-validator names array elements by their index. */
function pathOf({ property }: ValidationError, path: string): string {
  if (property === undefined) return path === '' ? 'body' : path;
  return /^\d+$/.test(property) ? `${path}[${property}]` : pathTo(path, property);
}

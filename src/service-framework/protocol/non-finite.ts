import { ServiceError } from '../../runtime/index.js';

/** The path of the first NaN or infinity in a decoded value, e.g. `candles.close[3]`; undefined when there is none. */
export function nonFinitePath(value: unknown, path = ''): string | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? undefined : path;
  if (typeof value !== 'object' || value === null) return undefined;
  if (value instanceof Float64Array || value instanceof Float32Array) {
    for (let i = 0; i < value.length; i++) if (!Number.isFinite(value[i])) return `${path}[${i}]`;
    return undefined;
  }
  if (ArrayBuffer.isView(value)) return undefined;
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) {
      const found = nonFinitePath(value[i], `${path}[${i}]`);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  for (const [key, member] of Object.entries(value)) {
    const found = nonFinitePath(member, path === '' ? key : `${path}.${key}`);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** INVALID_ARGUMENT for a number that is not finite. */
export function notFinite(path: string): ServiceError {
  const field = path === '' ? 'body' : path;
  return new ServiceError('INVALID_ARGUMENT', `${field}: NaN or infinite; must be a finite number`, {
    field,
  });
}

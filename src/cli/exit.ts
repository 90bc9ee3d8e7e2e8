import type { ServiceError } from '../runtime/index.js';

/** Exit codes of the command line; the service uses the same. */
export const EXIT = { ok: 0, failed: 1, badUsage: 2, damagedJournal: 3 } as const;

export function exitCodeOf(error: ServiceError): number {
  if (error.code === 'INVALID_ARGUMENT') return EXIT.badUsage;
  return error.code === 'DATA_LOSS' ? EXIT.damagedJournal : EXIT.failed;
}

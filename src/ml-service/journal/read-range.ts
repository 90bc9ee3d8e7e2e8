import { invalidArgument } from '../../runtime/index.js';
import type { ReadRange } from './journal.js';

/** A range with both ends; `toSeq` may lie beyond the journal's end. */
export interface CheckedRange {
  readonly fromSeq: number;
  readonly toSeq: number;
}

/** @throws ServiceError INVALID_ARGUMENT naming the end that is no sequence */
export function checkedRange(range: ReadRange): CheckedRange {
  const { fromSeq = 1, toSeq = Number.MAX_SAFE_INTEGER } = range;
  if (!Number.isSafeInteger(fromSeq) || fromSeq < 1)
    throw invalidArgument('fromSeq', fromSeq, 'an integer of at least 1');
  if (!Number.isSafeInteger(toSeq) || toSeq < 0)
    throw invalidArgument('toSeq', toSeq, 'an integer of at least 0');
  return { fromSeq, toSeq };
}

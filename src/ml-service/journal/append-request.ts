import { invalidArgument, ServiceError } from '../../runtime/index.js';
import type { BodyEncoder } from './body-encoder.js';
import { JOURNAL_LIMITS } from './limits.js';
import type { AppendRequest, RecordKinds } from './record.js';
import type { StoredRecord } from './record-hash.js';

function text(field: string, value: unknown): string {
  const allowed = `a string of 1 to ${JOURNAL_LIMITS.textCharacters} characters`;
  if (typeof value !== 'string' || value === '' || value.length > JOURNAL_LIMITS.textCharacters)
    throw invalidArgument(field, value, allowed);
  // What UTF-8 cannot say would read back as something else.
  if (Buffer.from(value, 'utf8').toString('utf8') !== value)
    throw invalidArgument(field, value, 'a string without half a surrogate pair');
  return value;
}

function optionalText(field: string, value: unknown): string | null {
  return value === undefined ? null : text(field, value);
}

/** Checks a request and encodes its body. @throws ServiceError INVALID_ARGUMENT naming the field */
export function toContent(
  request: AppendRequest,
  kinds: RecordKinds,
  encoder: BodyEncoder,
): Omit<StoredRecord, 'seq'> {
  const kind = text('kind', request.kind);
  if (!Object.hasOwn(kinds, kind))
    throw invalidArgument('kind', kind, `one of ${Object.keys(kinds).join(', ')}`);
  if (!Number.isSafeInteger(request.timeMs))
    throw invalidArgument('timeMs', request.timeMs, 'an integer of Unix milliseconds');
  if (request.body === undefined)
    throw new ServiceError('INVALID_ARGUMENT', 'body: missing', { field: 'body' });
  const { idempotency } = request;
  return {
    kind,
    // A negative zero would not come back as such from an integer column.
    timeMs: request.timeMs + 0,
    subject: optionalText('subject', request.subject),
    command: idempotency === undefined ? null : text('idempotency.command', idempotency.command),
    key: idempotency === undefined ? null : text('idempotency.key', idempotency.key),
    digest: idempotency === undefined ? null : text('idempotency.digest', idempotency.digest),
    body: encoder.encode(request.body),
  };
}

import type { JournalRecord } from './record.js';

/** A record as one JSON object. */
export type ExportLine = Omit<JournalRecord, 'body'> & { readonly body: unknown };

/**
 * A record for people, notebooks and other programs: columns become arrays of numbers, bytes Base64, numbers that JSON
 * lacks (NaN, infinities) their names as text. The journal itself stays the copy that keeps every bit.
 */
export function exportLine(record: JournalRecord): ExportLine {
  return { ...record, body: plain(record.body) };
}

function plain(value: unknown): unknown {
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof Uint8Array)
    return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64');
  if (ArrayBuffer.isView(value)) return Array.from(value as unknown as ArrayLike<unknown>, plain);
  if (Array.isArray(value)) return value.map(plain);
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, plain(each)]));
}

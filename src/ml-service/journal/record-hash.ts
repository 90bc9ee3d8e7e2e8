import { createHash } from 'node:crypto';

/** A record as it lies in the table: text fields absent = null, the body encoded. */
export interface StoredRecord {
  readonly seq: number;
  readonly kind: string;
  readonly timeMs: number;
  readonly subject: string | null;
  readonly command: string | null;
  readonly key: string | null;
  readonly digest: string | null;
  readonly body: Uint8Array;
}

const GENESIS_LABEL = 'conclave journal, format 1, ';

/** Hash "before the first record": differs from journal to journal, so that none fits another's chain. */
export function genesisHash(journalId: string): string {
  return createHash('sha256').update(`${GENESIS_LABEL}${journalId}`).digest('hex');
}

const ABSENT = 0xffffffff;

/**
 * The chained hash, hex. Over: hash before (32 bytes) ‖ seq, timeMs (int64) ‖ kind, subject, command,
 * key, digest (uint32 length, UTF-8; absent = length 0xffffffff) ‖ body (uint32 length, bytes); all
 * little-endian. Lengths first, so that no two different records give the same bytes.
 */
export function recordHash(hashBefore: string, record: StoredRecord): string {
  const texts = [record.kind, record.subject, record.command, record.key, record.digest];
  let size = 32 + 16 + 4;
  for (const text of texts) size += 4 + (text === null ? 0 : text.length * 3);
  const head = Buffer.allocUnsafe(size);
  head.fill(0, 0, 32);
  head.write(hashBefore, 0, 32, 'hex');
  // Wrapped, because a damaged table may hold any integer and must not throw here.
  head.writeBigInt64LE(BigInt.asIntN(64, BigInt(record.seq)), 32);
  head.writeBigInt64LE(BigInt.asIntN(64, BigInt(record.timeMs)), 40);
  let at = 48;
  for (const text of texts) {
    const length = text === null ? 0 : head.write(text, at + 4, 'utf8');
    head.writeUInt32LE(text === null ? ABSENT : length, at);
    at += 4 + length;
  }
  head.writeUInt32LE(record.body.length, at);
  return createHash('sha256')
    .update(head.subarray(0, at + 4))
    .update(record.body)
    .digest('hex');
}

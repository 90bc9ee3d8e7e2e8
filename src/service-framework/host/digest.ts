import { createHash } from 'node:crypto';
import { encodeCanonical } from '../protocol/index.js';

/**
 * SHA-256, hex, of a checked body in the protocol's canonical form: the same for both codecs and for
 * any order of fields.
 */
export function bodyDigest(body: unknown): string {
  return createHash('sha256')
    .update(encodeCanonical(body ?? null))
    .digest('hex');
}

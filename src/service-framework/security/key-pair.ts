import { createPrivateKey, createPublicKey } from 'node:crypto';
import { curveKeyPair } from 'zeromq';
import { ServiceError } from '../../runtime/index.js';
import { checkZ85Key, decodeZ85Key, encodeZ85 } from './z85.js';

/** What stands before the 32 bytes of an X25519 secret key in PKCS #8 (RFC 8410). */
const PKCS8_HEAD = Buffer.from('302e020100300506032b656e04220420', 'hex');
const KEY_BYTES = 32;

/**
 * A CURVE key pair, Z85. The secret is neither enumerable nor a field: `JSON.stringify`, `util.inspect`, a spread
 * or a log line of the pair show the public key only.
 */
export class KeyPair {
  readonly publicKey: string;
  readonly #secretKey: string;

  /** @throws ServiceError INVALID_ARGUMENT for what is no key, or two that do not belong together */
  constructor(publicKey: string, secretKey: string) {
    this.publicKey = checkZ85Key(publicKey, 'publicKey');
    this.#secretKey = checkZ85Key(secretKey, 'secretKey');
    if (publicKeyOf(secretKey) === publicKey) return;
    throw new ServiceError('INVALID_ARGUMENT', 'publicKey: it does not belong to the secret key', {
      field: 'publicKey',
    });
  }

  /** From the operating system's randomness. */
  static generate(): KeyPair {
    const { publicKey, secretKey } = curveKeyPair();
    return new KeyPair(publicKey, secretKey);
  }

  get secretKey(): string {
    return this.#secretKey;
  }
}

/** The public key of a secret one: the point of Curve25519 that it multiplies (RFC 7748). */
export function publicKeyOf(secretKey: string): string {
  const der = Buffer.concat([PKCS8_HEAD, decodeZ85Key(secretKey, 'secretKey')]);
  const secret = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  const spki = createPublicKey(secret).export({ format: 'der', type: 'spki' });
  return encodeZ85(spki.subarray(-KEY_BYTES));
}

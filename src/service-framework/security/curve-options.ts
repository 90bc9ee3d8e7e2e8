import type { Context } from 'zeromq';
import { KeyPair } from './key-pair.js';
import { checkZ85Key } from './z85.js';

/** What a client needs for CURVE, Z85. */
export interface CurveClientOptions {
  /** The host's public key: a client talks to no other host. */
  readonly serverKey: string;
  /** The client's own pair; the public key stands on a list of the host. */
  readonly publicKey: string;
  readonly secretKey: string;
}

/** What makes a listening socket a CURVE endpoint of a domain. */
export interface CurveServerOptions {
  /** Where the {@link ZapHandler} that knows the domain answers. */
  readonly context: Context;
  readonly keys: KeyPair;
  readonly domain: string;
}

/** A connection that has not introduced itself by then is closed, ms. */
export const HANDSHAKE_LIMIT_MS = 5_000;

/** Options of the socket library for a connecting socket. @throws ServiceError INVALID_ARGUMENT */
export function curveClientSocket(curve: CurveClientOptions | undefined): Record<string, string> {
  if (curve === undefined) return {};
  const { publicKey, secretKey } = new KeyPair(curve.publicKey, curve.secretKey);
  return {
    curveServerKey: checkZ85Key(curve.serverKey, 'serverKey'),
    curvePublicKey: publicKey,
    curveSecretKey: secretKey,
  };
}

/** Options of the socket library for a listening socket. */
export function curveServerSocket(curve: CurveServerOptions | undefined) {
  if (curve === undefined) return {};
  return {
    context: curve.context,
    curveServer: true,
    curveSecretKey: curve.keys.secretKey,
    zapDomain: curve.domain,
    // Without it a handler that is absent or has stopped would let everyone in.
    zapEnforceDomain: true,
    handshakeInterval: HANDSHAKE_LIMIT_MS,
  };
}

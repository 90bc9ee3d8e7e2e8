import { encodeZ85 } from './z85.js';

/** A question of the socket library about one handshake (ZeroMQ RFC 27). */
export interface ZapRequest {
  readonly requestId: Buffer;
  readonly domain: string;
  /** Source address without a port; empty for ipc. */
  readonly address: string;
  readonly mechanism: string;
  /** The client's long-term public key, Z85; undefined for a mechanism without. */
  readonly publicKey: string | undefined;
}

/**
 * `200` accepted; `400` refused; `500` not now. Not `300`, which is meant for "not now": the socket library then leaves
 * the connection open, and its descriptor taken, until the time for a handshake is over.
 */
export type ZapStatus = '200' | '400' | '500';

const VERSION = '1.0';
/** Version, request id, domain, address, identity, mechanism; credentials follow. */
const FIXED_FRAMES = 6;
const KEY_BYTES = 32;
const EMPTY = Buffer.alloc(0);

/** The question in a message; what cannot be read is a question that nothing allows. */
export function readZapRequest(frames: readonly Buffer[]): ZapRequest {
  const [version, requestId = EMPTY, domain = '', address = '', , mechanism = ''] = frames;
  const [key, ...more] = frames.slice(FIXED_FRAMES);
  const isCurve = String(version) === VERSION && String(mechanism) === 'CURVE';
  const hasKey = isCurve && key?.length === KEY_BYTES && more.length === 0;
  return {
    requestId,
    domain: String(domain),
    address: String(address),
    mechanism: String(mechanism),
    publicKey: hasKey && key ? encodeZ85(key) : undefined,
  };
}

/** @param user whom the key belongs to; the library attaches it to the connection */
export function zapReply(requestId: Buffer, status: ZapStatus, user = ''): (Buffer | string)[] {
  const text = { '200': 'OK', '400': 'not allowed', '500': 'too many handshakes' }[status];
  return [VERSION, requestId, status, text, user, EMPTY];
}

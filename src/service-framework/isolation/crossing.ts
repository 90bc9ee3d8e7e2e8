import { ServiceError } from '../../runtime/index.js';
import { type CodecName, encodeBody, fromErrorBody, toErrorBody } from '../protocol/index.js';
import type { CrossingError } from './messages.js';

/** Anything thrown, fit to cross. What is no ServiceError keeps its text for the log of the other side. */
export function toCrossing(thrown: unknown): CrossingError {
  const error = ServiceError.from(thrown);
  const { cause } = error;
  const body = sendable(toErrorBody(error));
  if (cause === undefined) return { body };
  if (!(cause instanceof Error)) return { body, cause: { name: 'Error', message: String(cause) } };
  const { name, message, stack } = cause;
  return { body, cause: { name, message, ...(stack === undefined ? {} : { stack }) } };
}

export function fromCrossing({ body, cause }: CrossingError): ServiceError {
  const error = fromErrorBody(body);
  if (!cause) return error;
  const original = Object.assign(new Error(cause.message), { name: cause.name, stack: cause.stack });
  return new ServiceError(error.code, error.message, {
    ...(error.field === undefined ? {} : { field: error.field }),
    ...(error.details === undefined ? {} : { details: error.details }),
    ...(error.retryAfterMs === undefined ? {} : { retryAfterMs: error.retryAfterMs }),
    cause: original,
  });
}

/** Bytes of a value in memory of their own, so that they can be transferred; undefined for undefined. */
export function encodeOwned(codec: CodecName, value: unknown): Uint8Array | undefined {
  if (value === undefined) return undefined;
  const encoded = encodeBody(codec, value);
  if (encoded.byteLength === encoded.buffer.byteLength && encoded.buffer instanceof ArrayBuffer)
    return encoded;
  const own = new Uint8Array(encoded.byteLength);
  own.set(encoded);
  return own;
}

/** Details that no message can carry are left out, as on the wire. */
function sendable(body: CrossingError['body']): CrossingError['body'] {
  if (body.details === undefined) return body;
  try {
    encodeBody('msgpack', body.details);
    return body;
  } catch {
    const { details: _left, ...rest } = body;
    return rest;
  }
}

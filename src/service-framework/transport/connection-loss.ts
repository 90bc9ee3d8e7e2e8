import { ServiceError } from '../../runtime/index.js';

/**
 * The cause of an UNAVAILABLE that the transport itself found, as opposed to one that a host answered
 * with. A cause never travels, so nobody else can claim it.
 */
export class ConnectionLoss extends Error {
  override readonly name = 'ConnectionLoss';

  /** @param sent whether the request had left: then its effect is unknown */
  constructor(readonly sent: boolean) {
    super(sent ? 'the connection was lost' : 'there was no connection');
  }
}

/** The loss behind an error, if that is what it is about. */
export function connectionLossOf(error: unknown): ConnectionLoss | undefined {
  if (!(error instanceof ServiceError) || error.code !== 'UNAVAILABLE') return undefined;
  return error.cause instanceof ConnectionLoss ? error.cause : undefined;
}

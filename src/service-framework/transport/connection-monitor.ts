import type { Dealer, Subscriber } from 'zeromq';
import type { Clock, Logger, Timer } from '../../runtime/index.js';

export interface MonitorListener {
  /** The ZMTP handshake is done: messages can flow. */
  connected(): void;
  /** The connection was lost; the socket tries again by itself. */
  disconnected(): void;
  /** The host does not let us in; it is tried again, slowly. */
  refused(why: string): void;
}

/** A host that was not spoken to again after this long may have changed its mind, ms. */
const REFUSED_RETRY_MS = 1_000;
/** Status of a handshake that was refused for good (ZeroMQ RFC 27). */
const UNKNOWN_KEY = 400;
/** Connections that end within their handshake, one after the other, before that is called a refusal. */
const BROKEN_HANDSHAKES = 3;

export interface MonitoredConnection {
  readonly socket: Dealer | Subscriber;
  readonly address: string;
  /** Whether we speak CURVE. */
  readonly secured: boolean;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * Follows the socket's own events until it is closed. The socket library gives up for good after a refusal, so it is
 * made to connect again here: a key may be allowed later.
 */
export async function monitorConnection(
  connection: MonitoredConnection,
  listener: MonitorListener,
): Promise<void> {
  const { socket, logger } = connection;
  let broken = 0;
  const again = new Reconnect(connection);
  try {
    for await (const event of socket.events) {
      switch (event.type) {
        case 'handshake':
          broken = 0;
          listener.connected();
          break;
        case 'disconnect':
          listener.disconnected();
          break;
        case 'handshake:error:auth':
          // The host has too much to do, or whoever decides there is in trouble: that says nothing about our key.
          if (event.error.status === UNKNOWN_KEY) listener.refused('the host does not know our key');
          again.later();
          break;
        case 'handshake:error:protocol':
          listener.refused('the host and we do not have the same security or protocol');
          again.later();
          break;
        case 'handshake:error:other':
          // A host that cannot decipher us hangs up without a word, and so does one that just dies.
          if (connection.secured && ++broken >= BROKEN_HANDSHAKES)
            listener.refused('the host hangs up in the handshake: is the server key wrong?');
          break;
        case 'end':
          again.stop();
          return;
      }
    }
  } catch (err) {
    if (!socket.closed) logger.error({ err }, 'the connection can no longer be watched');
  }
  again.stop();
}

/** Connects anew after a while. */
class Reconnect {
  readonly #connection: MonitoredConnection;
  #timer: Timer | undefined;

  constructor(connection: MonitoredConnection) {
    this.#connection = connection;
  }

  later(): void {
    const { clock } = this.#connection;
    this.#timer ??= clock.schedule(REFUSED_RETRY_MS, () => this.#now(), { background: true });
  }

  stop(): void {
    this.#timer?.cancel();
  }

  #now(): void {
    const { socket, address, logger } = this.#connection;
    this.#timer = undefined;
    if (socket.closed) return;
    try {
      socket.disconnect(address);
    } catch (err) {
      // The library may have given up on it already.
      logger.debug({ err, address }, 'was not connected');
    }
    try {
      socket.connect(address);
    } catch (err) {
      logger.error({ err, address }, 'cannot connect again');
    }
  }
}

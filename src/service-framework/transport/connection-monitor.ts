import type { Socket } from 'zeromq';
import type { Logger } from '../../runtime/index.js';

export interface MonitorListener {
  /** The ZMTP handshake is done: messages can flow. */
  connected(): void;
  /** The connection was lost; the socket tries again by itself. */
  disconnected(): void;
}

/** Follows the socket's own events until it is closed. */
export async function monitorConnection(
  socket: Socket,
  logger: Logger,
  listener: MonitorListener,
): Promise<void> {
  try {
    for await (const event of socket.events) {
      if (event.type === 'handshake') listener.connected();
      else if (event.type === 'disconnect') listener.disconnected();
      else if (event.type.startsWith('handshake:error')) logger.warn({ event }, 'a handshake failed');
      if (event.type === 'end') return;
    }
  } catch (err) {
    if (!socket.closed) logger.error({ err }, 'the connection can no longer be watched');
  }
}

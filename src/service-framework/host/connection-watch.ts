import type { Router, XPublisher } from 'zeromq';
import type { Logger } from '../../runtime/index.js';

/** Counts the connections of one listening socket, from the events the socket library tells of it. */
export class ConnectionWatch {
  /** Open ones. */
  open = 0;
  /** Open ones that have not introduced themselves. */
  silent = 0;
  /** Failures to take a connection, mostly for want of a file descriptor. */
  acceptsFailed = 0;

  /** @param onChange called when one has come or could not be taken */
  async follow(socket: Router | XPublisher, logger: Logger, onChange: () => void): Promise<void> {
    try {
      for await (const { type } of socket.events) {
        if (type === 'end') return;
        this.#take(type);
        if (type === 'accept' || type === 'accept:error') onChange();
        // They come without end until something is done about it, which takes a turn of the event loop.
        if (type === 'accept:error') await new Promise((resolve) => setImmediate(resolve));
      }
    } catch (err) {
      if (!socket.closed) logger.error({ err }, 'the connections of a socket can no longer be counted');
    }
  }

  #take(type: string): void {
    if (type === 'accept') {
      this.open++;
      this.silent++;
    } else if (type === 'accept:error') this.acceptsFailed++;
    else if (type.startsWith('handshake')) this.silent--;
    else if (type === 'disconnect') this.open--;
  }
}

import { once } from 'node:events';
import { createConnection, type Socket } from 'node:net';

const GREETING_BYTES = 64;
/** Flags of a frame: more of them follow, its length takes eight bytes, it is a command. */
const MORE = 1;
const LONG = 2;
const COMMAND = 4;
/** First byte of a message that subscribes. */
const SUBSCRIBE = 1;

/** A ZMTP 3.1 peer without security, byte by byte: what no socket library would send. */
export class RawZmtp {
  private constructor(readonly socket: Socket) {}

  /** Connects as a DEALER, past the handshake. */
  static dealer(endpoint: string): Promise<RawZmtp> {
    return RawZmtp.connect(endpoint, 'DEALER');
  }

  /** Connects as a socket of that type, past the handshake. */
  static async connect(endpoint: string, socketType: string): Promise<RawZmtp> {
    const socket = createConnection(Number(endpoint.split(':').at(-1)), '127.0.0.1');
    socket.on('error', () => undefined);
    socket.resume();
    await once(socket, 'connect');
    const greeting = Buffer.alloc(GREETING_BYTES);
    greeting[0] = 0xff;
    greeting[9] = 0x7f;
    greeting[10] = 3;
    greeting[11] = 1;
    greeting.write('NULL', 12);
    const type = Buffer.from(socketType);
    const ready = Buffer.concat([
      Buffer.from('\x05READY\x0bSocket-Type'),
      Buffer.from([0, 0, 0, type.length]),
      type,
    ]);
    socket.write(Buffer.concat([greeting, Buffer.from([COMMAND, ready.length]), ready]));
    return new RawZmtp(socket);
  }

  get closed(): boolean {
    return this.socket.destroyed;
  }

  /** A part of a message that has more to come. Resolves when the peer has taken it, or has gone. */
  part(bytes: Uint8Array): Promise<void> {
    const head = Buffer.alloc(9);
    head[0] = MORE | LONG;
    head.writeBigUInt64BE(BigInt(bytes.length), 1);
    this.socket.write(head);
    return this.#write(bytes);
  }

  /** Subscribes to all of the prefixes. Resolves when the peer has taken them, or has gone. */
  subscribe(prefixes: readonly Uint8Array[]): Promise<void> {
    const frames = prefixes.flatMap((prefix) => {
      const head = Buffer.alloc(10);
      head[0] = LONG;
      head.writeBigUInt64BE(BigInt(prefix.length + 1), 1);
      head[9] = SUBSCRIBE;
      return [head, prefix];
    });
    return this.#write(Buffer.concat(frames));
  }

  async #write(bytes: Uint8Array): Promise<void> {
    // Who has gone before says nothing more.
    if (this.socket.destroyed || this.socket.write(bytes)) return;
    const settled = new AbortController();
    const { signal } = settled;
    const ends = ['drain', 'close'].map((event) => once(this.socket, event, { signal }));
    await Promise.race(ends).catch(() => undefined);
    settled.abort();
    await Promise.allSettled(ends);
  }

  close(): void {
    this.socket.destroy();
  }
}

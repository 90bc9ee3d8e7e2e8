import { decode, ExtensionCodec, encode } from '@msgpack/msgpack';
import { Dealer } from 'zeromq';

/**
 * A client written from PROTOCOL.md alone, with nothing of the product: what another language would do. If it
 * works, the wire is what the page says.
 */
const COLUMN_FLOAT64 = 1;
const extensions = new ExtensionCodec();
extensions.register({
  type: COLUMN_FLOAT64,
  encode: (value) =>
    value instanceof Float64Array
      ? new Uint8Array(value.buffer.slice(value.byteOffset, value.byteOffset + value.byteLength))
      : null,
  decode: (data) => new Float64Array(data.slice().buffer),
});

export interface RawReply {
  readonly id: number | string;
  readonly ok: boolean;
  readonly us: number;
  // biome-ignore lint/suspicious/noExplicitAny: the test reads whatever the host said
  readonly body: any;
}

export class RawClient {
  readonly #socket = new Dealer({ linger: 0, immediate: true, receiveTimeout: 15_000 });
  #nextId = 1;

  constructor(endpoint: string) {
    this.#socket.connect(endpoint);
  }

  async call(cmd: string, body?: unknown, more: { key?: string; ttl?: number } = {}): Promise<RawReply> {
    const id = this.#nextId++;
    const envelope = {
      v: 1,
      id,
      cmd,
      ttl: 10_000,
      ...more,
      ...(body === undefined ? {} : { body: encode(body, { extensionCodec: extensions }) }),
    };
    await this.#socket.send(encode(envelope));
    for (;;) {
      const [frame] = await this.#socket.receive();
      const reply = decode(frame as Uint8Array) as { id: number; ok: boolean; us: number; body?: Uint8Array };
      if (reply.id !== id) continue;
      const decoded =
        reply.body === undefined ? undefined : decode(reply.body, { extensionCodec: extensions });
      return { ...reply, body: decoded };
    }
  }

  /** The result, or an error that shows what the host said. */
  // biome-ignore lint/suspicious/noExplicitAny: the test reads whatever the host said
  async must(cmd: string, body?: unknown, more: { key?: string; ttl?: number } = {}): Promise<any> {
    const reply = await this.call(cmd, body, more);
    if (!reply.ok) throw new Error(`${cmd}: ${JSON.stringify(reply.body)}`);
    return reply.body;
  }

  close(): void {
    this.#socket.close();
  }
}

import { Dealer, Request } from 'zeromq';
import { decodeBody, encodeBody } from '#conclave/service-framework/protocol/index.js';

/** A reply as any program would read it from the wire. */
export interface RawReply {
  readonly v: number;
  readonly id: number | string;
  readonly ok: boolean;
  readonly us?: number;
  readonly tp?: string;
  readonly body?: unknown;
}

/** A client made of nothing but a DEALER socket, as a stranger would write it. */
export class RawDealer {
  readonly socket = new Dealer({ linger: 0 });

  constructor(endpoint: string) {
    this.socket.connect(endpoint);
  }

  json(value: unknown): Promise<void> {
    return this.socket.send(JSON.stringify(value));
  }

  msgpack(envelopes: object | object[]): Promise<void> {
    const pack = (envelope: object): object =>
      'body' in envelope ? { ...envelope, body: encodeBody('msgpack', envelope.body) } : envelope;
    const message = Array.isArray(envelopes) ? envelopes.map(pack) : pack(envelopes);
    return this.socket.send(encodeBody('msgpack', message));
  }

  bytes(frame: Uint8Array): Promise<void> {
    return this.socket.send(frame);
  }

  /** The next message: one reply, or a batch of them. */
  async next(): Promise<RawReply | RawReply[]> {
    const frames = await this.socket.receive();
    if (frames.length !== 1 || !frames[0]) throw new Error(`${frames.length} frames`);
    return readRaw(frames[0]);
  }

  /** The next reply, which must come alone. */
  async reply(): Promise<RawReply> {
    const message = await this.next();
    if (Array.isArray(message)) throw new Error('a batch');
    return message;
  }

  close(): void {
    this.socket.close();
  }
}

/** One question at a time over a REQ socket, JSON. */
export async function askByReq(endpoint: string, envelope: unknown): Promise<RawReply> {
  const socket = new Request({ linger: 0, receiveTimeout: 5_000 });
  try {
    socket.connect(endpoint);
    await socket.send(JSON.stringify(envelope));
    const [frame] = await socket.receive();
    return JSON.parse(String(frame)) as RawReply;
  } finally {
    socket.close();
  }
}

function readRaw(frame: Buffer): RawReply | RawReply[] {
  if (frame[0] === 0x7b || frame[0] === 0x5b) return JSON.parse(frame.toString()) as RawReply | RawReply[];
  const message = decodeBody('msgpack', frame) as RawReply | RawReply[];
  const unpack = (reply: RawReply): RawReply =>
    reply.body instanceof Uint8Array ? { ...reply, body: decodeBody('msgpack', reply.body) } : reply;
  return Array.isArray(message) ? message.map(unpack) : unpack(message);
}

import { ServiceError } from '#conclave/runtime/index.js';
import type {
  CallReply,
  ConnectionState,
  EventListener,
  OutgoingCall,
  OutgoingStream,
  StreamControl,
  StreamReceiver,
  Transport,
} from '#conclave/service-framework/transport/index.js';

export type Script = (call: OutgoingCall, number: number) => Promise<unknown> | unknown;

/** A transport that answers as told. */
export class ScriptedTransport implements Transport {
  readonly calls: OutgoingCall[] = [];
  readonly listeners: EventListener[] = [];
  readonly streams: { readonly call: OutgoingStream; readonly receiver: StreamReceiver; granted: number }[] =
    [];
  readonly abandoned: ServiceError[] = [];
  state: ConnectionState = 'connected';
  closed = 0;

  constructor(private readonly script: Script) {}

  async request(call: OutgoingCall): Promise<CallReply> {
    this.calls.push(call);
    return { body: await this.script(call, this.calls.length), hostUs: 1 };
  }
  stream(call: OutgoingStream, receiver: StreamReceiver): StreamControl {
    const stream = { call, receiver, granted: call.credit };
    this.streams.push(stream);
    return {
      grant: (credit) => {
        stream.granted += credit;
      },
    };
  }
  subscribe(_prefix: string, listener: EventListener): { close(): void } {
    this.listeners.push(listener);
    return { close: () => undefined };
  }
  abandon(error: ServiceError): void {
    this.abandoned.push(error);
  }
  async whenConnected(): Promise<void> {
    if (this.state !== 'connected') await new Promise(() => undefined);
  }
  async close(): Promise<void> {
    this.closed++;
    this.state = 'closed';
  }
}

/** Fails a call, from within a script. */
export function fail(code: ConstructorParameters<typeof ServiceError>[0], cause?: unknown): never {
  throw new ServiceError(code, 'scripted', { cause });
}

import { type Clock, ServiceError } from '../../runtime/index.js';
import type { HandlerHost, HandlerStream, RequestContext } from '../handler/index.js';
import { StreamPump } from '../host/stream-pump.js';
import { DEFAULT_LIMITS, decodeBody } from '../protocol/index.js';
import { CreditGate } from '../transport/index.js';
import { encodeOwned, toCrossing } from './crossing.js';
import type { Ended, FromSide } from './messages.js';

type HostCall = Extract<FromSide, { readonly type: 'host_call' }>;

export interface NestedCallsOptions {
  readonly clock: Clock;
  host(): HandlerHost | undefined;
  /** The request that a handler answers under this id, while its caller waits. */
  contextOf(id: number): RequestContext | undefined;
  /** The next item of a streamed reply. */
  item(id: number, bytes: Uint8Array | undefined): void;
  reply(id: number, ended: Ended): void;
}

interface Running {
  readonly abort: AbortController;
  /** When the next item of a streamed reply may be sent. */
  readonly gate: CreditGate | undefined;
}

/** Calls that an isolated handler makes to commands of its host, with the fate of the request they belong to. */
export class NestedCalls {
  readonly #options: NestedCallsOptions;
  readonly #running = new Map<number, Running>();

  constructor(options: NestedCallsOptions) {
    this.#options = options;
  }

  call(message: HostCall): void {
    const { id, stream } = message;
    const gate = stream === undefined ? undefined : new CreditGate(stream, DEFAULT_LIMITS.streamCredit);
    const running: Running = { abort: new AbortController(), gate };
    this.#running.set(id, running);
    this.#answer(message, running)
      .then(
        (reply) => this.#options.reply(id, encoded(message.command, reply)),
        (thrown) => this.#options.reply(id, { ok: false, error: toCrossing(thrown) }),
      )
      .finally(() => this.#running.delete(id));
  }

  /** Lets a stream send that many more items. */
  grant(id: number, credit: number): void {
    this.#running.get(id)?.gate?.grant(credit);
  }

  cancel(id: number): void {
    this.#running.get(id)?.abort.abort();
  }

  cancelAll(): void {
    for (const { abort } of this.#running.values()) abort.abort();
  }

  async #answer(message: HostCall, { abort, gate }: Running): Promise<unknown> {
    const { id, parent, command, bytes, timeoutMs, key } = message;
    const { signal } = abort;
    const caller = parent === undefined ? this.#options.host() : this.#options.contextOf(parent);
    if (!caller) throw new ServiceError('CANCELLED', `${command}: the request it belongs to has ended`);
    const payload = bytes && decodeBody('msgpack', bytes, { allowNonFinite: true });
    if (!gate) return caller.call(command, payload, { timeoutMs, key, signal });
    const { credit: window } = gate;
    return this.#carry(id, caller.stream(command, payload, { timeoutMs, signal, window }), gate);
  }

  /** Carries a stream over, item by item as they may be sent. */
  async #carry(id: number, stream: HandlerStream, gate: CreditGate): Promise<unknown> {
    const item = (body: unknown): void => {
      const bytes = encodeOwned('msgpack', body);
      this.#options.item(id, bytes);
    };
    // Once it has failed the rest of its items needs no credit: whoever waits shall hear of the end.
    stream.result.catch(() => gate.grant(DEFAULT_LIMITS.streamCredit - gate.credit));
    return new StreamPump(stream, { gate, item }, this.#options.clock).run();
  }
}

function encoded(command: string, reply: unknown): Ended {
  try {
    return { ok: true, bytes: encodeOwned('msgpack', reply) };
  } catch (cause) {
    const message = `${command}: its reply cannot cross to another thread`;
    return { ok: false, error: toCrossing(new ServiceError('INTERNAL', message, { cause })) };
  }
}

import { ServiceError } from '../../runtime/index.js';
import type { HandlerHost, RequestContext } from '../handler/index.js';
import { decodeBody } from '../protocol/index.js';
import { encodeOwned, toCrossing } from './crossing.js';
import type { Ended, FromSide } from './messages.js';

type HostCall = Extract<FromSide, { readonly type: 'host_call' }>;

export interface NestedCallsOptions {
  host(): HandlerHost | undefined;
  /** The request that a handler answers under this id, while its caller waits. */
  contextOf(id: number): RequestContext | undefined;
  reply(id: number, ended: Ended): void;
}

/** Calls that an isolated handler makes to commands of its host, with the fate of the request they belong to. */
export class NestedCalls {
  readonly #options: NestedCallsOptions;
  readonly #running = new Map<number, AbortController>();

  constructor(options: NestedCallsOptions) {
    this.#options = options;
  }

  call(message: HostCall): void {
    const abort = new AbortController();
    this.#running.set(message.id, abort);
    this.#answer(message, abort.signal)
      .then(
        (ended) => this.#options.reply(message.id, ended),
        (thrown) => this.#options.reply(message.id, { ok: false, error: toCrossing(thrown) }),
      )
      .finally(() => this.#running.delete(message.id));
  }

  cancel(id: number): void {
    this.#running.get(id)?.abort();
  }

  cancelAll(): void {
    for (const abort of this.#running.values()) abort.abort();
  }

  async #answer({ parent, command, bytes, timeoutMs, key }: HostCall, signal: AbortSignal): Promise<Ended> {
    const caller = parent === undefined ? this.#options.host() : this.#options.contextOf(parent);
    if (!caller) throw new ServiceError('CANCELLED', `${command}: the request it belongs to has ended`);
    const payload = bytes && decodeBody('msgpack', bytes, { allowNonFinite: true });
    const reply = await caller.call(command, payload, { timeoutMs, key, signal });
    try {
      return { ok: true, bytes: encodeOwned('msgpack', reply) };
    } catch (cause) {
      throw new ServiceError('INTERNAL', `${command}: its reply cannot cross to another thread`, { cause });
    }
  }
}

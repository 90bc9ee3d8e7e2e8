import { type Clock, invalidArgument, type Logger, ServiceError } from '../../runtime/index.js';
import { DEFAULT_LIMITS, fromErrorBody, nonFinitePath, toErrorBody } from '../protocol/index.js';
import { copyPayload } from './copy-payload.js';
import { CreditGate } from './credit-gate.js';
import type { Finish, InboundRequest, ItemSink, PendingRequest } from './inbound.js';
import type {
  CallReply,
  ConnectionState,
  EventListener,
  OutgoingCall,
  OutgoingStream,
  ReplySink,
  StreamControl,
  StreamReceiver,
  Subscription,
  SubscriptionNews,
  Transport,
} from './transport.js';

/** What the in-process transport needs of a host in the same process. */
export interface LocalHost {
  readonly clock: Clock;
  readonly logger: Logger;
  submit(request: InboundRequest, finish: Finish): PendingRequest;
  /** Hears events with their bodies as published; `listener` is never called from inside `publish()`. */
  subscribe(topicPrefix: string, listener: EventListener): Subscription;
}

/**
 * Calls a host in the same process, with no socket and no encoding, and the behaviour of the wire:
 * admission, deadline, cancel, typed errors, events. Payloads and replies are copied, because a caller
 * and a handler that shared an object would behave differently here than over a socket. The caller is
 * in the process, hence its role is `admin`.
 */
export class InProcessTransport implements Transport {
  readonly #host: LocalHost;
  readonly #pending = new Set<(error: ServiceError) => void>();
  readonly #subscriptions = new Set<Subscription>();
  #nextId = 1;
  #closed = false;

  constructor(host: LocalHost) {
    this.#host = host;
  }

  get state(): ConnectionState {
    return this.#closed ? 'closed' : 'connected';
  }

  async whenConnected(): Promise<void> {}

  request(call: OutgoingCall): Promise<CallReply> {
    return new Promise<CallReply>((replied, failed) => {
      try {
        this.#submit(call, undefined, { replied, failed });
      } catch (refused) {
        failed(refused);
      }
    });
  }

  stream(call: OutgoingStream, receiver: StreamReceiver): StreamControl {
    try {
      const gate = new CreditGate(0, DEFAULT_LIMITS.streamCredit);
      const refused = gate.grant(call.credit);
      if (refused) throw refused;
      const sink: ItemSink = { gate, item: (body) => receiver.item(replyBody(body, call)) };
      const pending = this.#submit(call, sink, receiver);
      return { grant: (credit) => pending.grant?.(credit) };
    } catch (refused) {
      receiver.failed(ServiceError.from(refused));
      return { grant: () => undefined };
    }
  }

  #submit(call: OutgoingCall, stream: ItemSink | undefined, sink: ReplySink): PendingRequest {
    const { signal, command } = call;
    if (this.#closed) throw new ServiceError('CANCELLED', 'the transport is closed');
    if (!(call.timeoutMs > 0)) throw invalidArgument('timeoutMs', call.timeoutMs, 'a positive number');
    if (signal?.aborted) throw new ServiceError('CANCELLED', `${command}: the caller gave up`);
    const payload = copyPayload(call.payload);
    const request: InboundRequest = {
      id: this.#nextId++,
      command,
      ttlMs: call.timeoutMs,
      key: call.key,
      traceparent: call.traceparent,
      role: 'admin',
      arrivedMs: this.#host.clock.monotonicMs(),
      stream,
      decode: () => payload,
    };
    let answered = false;
    let pending: PendingRequest | undefined;
    const cancel = (error: ServiceError): void => pending?.cancel(error);
    const onAbort = (): void => cancel(new ServiceError('CANCELLED', `${command}: the caller gave up`));
    pending = this.#host.submit(request, (outcome, hostUs) => {
      answered = true;
      this.#pending.delete(cancel);
      signal?.removeEventListener('abort', onAbort);
      // As it would arrive: without its cause, which stays with the host.
      if (!outcome.ok) {
        sink.failed(fromErrorBody(toErrorBody(outcome.error)));
        return;
      }
      let body: unknown;
      try {
        body = replyBody(outcome.body, call);
      } catch (cause) {
        const why = (cause as Error).message;
        sink.failed(new ServiceError('INTERNAL', `${command}: the reply cannot be read: ${why}`, { cause }));
        return;
      }
      sink.replied({ body, hostUs, traceparent: call.traceparent });
    });
    if (!answered) {
      this.#pending.add(cancel);
      signal?.addEventListener('abort', onAbort, { once: true });
    }
    return pending;
  }

  subscribe(topicPrefix: string, listener: EventListener, news?: SubscriptionNews): Subscription {
    const inner = this.#host.subscribe(topicPrefix, (event) =>
      listener({ ...event, body: copyPayload(event.body) }),
    );
    const subscription: Subscription = {
      close: () => {
        inner.close();
        this.#subscriptions.delete(subscription);
      },
    };
    this.#subscriptions.add(subscription);
    news?.connected?.();
    return subscription;
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const subscription of [...this.#subscriptions]) subscription.close();
    for (const cancel of [...this.#pending])
      cancel(new ServiceError('CANCELLED', 'the transport was closed'));
  }
}

function replyBody(body: unknown, call: OutgoingCall): unknown {
  const copy = copyPayload(body);
  const path = call.allowNonFinite === true ? undefined : nonFinitePath(copy);
  if (path !== undefined) throw invalidArgument(path, Number.NaN, 'a finite number');
  return copy;
}

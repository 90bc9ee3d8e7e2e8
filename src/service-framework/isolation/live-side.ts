import { type Clock, type Logger, ServiceError } from '../../runtime/index.js';
import type { HandlerHost, RequestContext } from '../handler/index.js';
import {
  decodeBody,
  EncodedBody,
  type EncodedPayload,
  type ProtocolLimits,
  toErrorBody,
} from '../protocol/index.js';
import { fromCrossing } from './crossing.js';
import type { Link, LinkLimits, OpenLink } from './link.js';
import { relogLine } from './log-lines.js';
import type { Ended, FromSide, HandlerSource, Loaded, ToSide, Vitals } from './messages.js';
import { NestedCalls } from './nested-calls.js';
import { Outbox } from './outbox.js';

export interface LiveSideOptions {
  readonly open: OpenLink;
  readonly linkLimits: LinkLimits;
  readonly source: HandlerSource;
  readonly clock: Clock;
  readonly logger: Logger;
  host(): HandlerHost | undefined;
  /** It is gone; every call has been ended. */
  onGone(error: ServiceError): void;
}

interface LiveCall {
  readonly context: RequestContext;
  /** Hears the items of a streamed reply. */
  readonly item: ((bytes: Uint8Array | undefined) => void) | undefined;
  /** The reply leaves as the bytes it comes as. */
  readonly asBytes: boolean;
  resolve(value: unknown): void;
  reject(reason: unknown): void;
}

export interface LiveCallOptions {
  /** Only the digest of the checked payload is wanted. */
  readonly digestOnly: boolean;
  /** The reply leaves as the bytes it comes as. */
  readonly asBytes: boolean;
  /** The reply comes in items: how many may come to begin with, and who hears them. */
  readonly stream?: { readonly credit: number; item(bytes: Uint8Array | undefined): void };
}

interface Milestone {
  resolve(loaded: Loaded | undefined): void;
  reject(reason: unknown): void;
}

/** One life of an isolated handler, from its launch to its end, as seen from the host. */
export class LiveSide {
  readonly link: Link;
  lastHeardMs: number;
  vitals: Vitals | undefined;
  readonly #options: LiveSideOptions;
  readonly #outbox: Outbox<ToSide>;
  readonly #calls = new Map<number, LiveCall>();
  /** Calls whose callers have their answer already, with the time since when. */
  readonly #overrun = new Map<number, number>();
  readonly #nested: NestedCalls;
  #ids = 0;
  #limits: ProtocolLimits | undefined;
  #milestone: Milestone | undefined;
  #onStopped: (() => void) | undefined;
  #killedFor: string | undefined;
  #gone: ServiceError | undefined;

  constructor(options: LiveSideOptions) {
    this.#options = options;
    this.lastHeardMs = options.clock.monotonicMs();
    this.#nested = new NestedCalls({
      clock: options.clock,
      host: options.host,
      contextOf: (id) => (this.#overrun.has(id) ? undefined : this.#calls.get(id)?.context),
      item: (id, bytes) => this.#outbox.post({ type: 'host_item', id, bytes }, bytes),
      reply: (id, ended) =>
        this.#outbox.post({ type: 'host_reply', id, ended }, ended.ok ? ended.bytes : undefined),
    });
    this.link = options.open(options.linkLimits, {
      onMessages: (messages) => this.#hear(messages),
      onOutput: (line) => options.logger.info({ line }, 'output of an isolated handler'),
      onGone: (reason) => this.#end(this.#killedFor ?? reason),
    });
    this.#outbox = new Outbox((messages, transfer) => {
      if (!this.#gone) this.link.send(messages, transfer);
    });
  }

  /** Calls whose callers wait. */
  get inFlight(): number {
    return this.#calls.size - this.#overrun.size;
  }

  /** Calls that still run although their callers were answered more than so long ago. */
  hung(forMs: number): number {
    const beforeMs = this.#options.clock.monotonicMs() - forMs;
    let count = 0;
    for (const sinceMs of this.#overrun.values()) if (sinceMs <= beforeMs) count++;
    return count;
  }

  /** Milliseconds since the earliest unanswered deadline; 0 when none has passed. */
  overdueMs(): number {
    const nowMs = this.#options.clock.monotonicMs();
    let worst = 0;
    for (const { context } of this.#calls.values()) worst = Math.max(worst, nowMs - context.deadlineMs);
    return worst;
  }

  load(): Promise<Loaded> {
    const { source, logger } = this.#options;
    return this.#reach({ type: 'load', source, logLevel: logger.level }) as Promise<Loaded>;
  }

  async start(seed: number): Promise<void> {
    await this.#reach({ type: 'start', seed });
  }

  ping(): void {
    this.#outbox.post({ type: 'ping' });
  }

  call(
    command: string,
    payload: EncodedPayload | undefined,
    context: RequestContext,
    how: LiveCallOptions,
  ): Promise<unknown> {
    return this.#begin(++this.#ids, command, payload, context, how);
  }

  /**
   * As `call`, for a reply in items.
   *
   * @returns how it ends, and the ways to let more items come and to give it up
   */
  stream(
    command: string,
    payload: EncodedPayload | undefined,
    context: RequestContext,
    how: LiveCallOptions & Required<Pick<LiveCallOptions, 'stream'>>,
  ): { readonly ended: Promise<unknown>; grant(credit: number): void; giveUp(): void } {
    const id = ++this.#ids;
    return {
      ended: this.#begin(id, command, payload, context, how),
      grant: (credit) => this.#outbox.post({ type: 'credit', id, credit }),
      giveUp: () => this.#giveUp(id, new ServiceError('CANCELLED', `${command}: the caller gave up`)),
    };
  }

  #begin(
    id: number,
    command: string,
    payload: EncodedPayload | undefined,
    context: RequestContext,
    how: LiveCallOptions,
  ): Promise<unknown> {
    if (this.#gone) return Promise.reject(this.#gone);
    const { clock } = this.#options;
    if (payload?.limits && payload.limits !== this.#limits) {
      this.#limits = payload.limits;
      this.#outbox.post({ type: 'limits', limits: payload.limits });
    }
    const { signal } = context;
    const onAbort = (): void => this.#giveUp(id, ServiceError.from(signal.reason));
    return new Promise((resolve, reject) => {
      const settled = (): void => signal.removeEventListener('abort', onAbort);
      this.#calls.set(id, {
        context,
        asBytes: how.asBytes,
        item: how.stream?.item,
        resolve: (value) => {
          settled();
          resolve(value);
        },
        reject: (reason) => {
          settled();
          reject(reason);
        },
      });
      this.#outbox.post(
        {
          type: 'call',
          id,
          digestOnly: how.digestOnly,
          command,
          payload: payload && { codec: payload.codec, bytes: payload.bytes },
          replyCodec: (how.asBytes ? payload?.codec : undefined) ?? 'msgpack',
          requestId: context.requestId,
          role: context.role,
          deadlineUnixMs: clock.nowMs() + context.remainingMs(),
          key: context.key,
          idempotency: context.idempotency,
          traceparent: context.traceparent,
          stream: how.stream?.credit,
        },
        payload?.bytes,
      );
      if (signal.aborted) onAbort();
      else signal.addEventListener('abort', onAbort, { once: true });
    });
  }

  /** Asks it to stop; resolves when it is gone. */
  stop(timeoutMs: number): Promise<void> {
    if (this.#gone) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = this.#options.clock.schedule(timeoutMs, () => this.kill('it did not stop in time'));
      this.#onStopped = () => {
        timer.cancel();
        resolve();
      };
      this.#outbox.post({ type: 'stop' });
    });
  }

  /** Ends it at once. What it was doing ends with UNAVAILABLE, also where the thread cannot be stopped. */
  kill(reason: string): void {
    if (this.#gone) return;
    this.#killedFor = reason;
    this.link.kill();
    this.#end(reason);
  }

  /** Nobody waits for a call any more. */
  #giveUp(id: number, error: ServiceError): void {
    if (!this.#calls.has(id) || this.#overrun.has(id)) return;
    this.#overrun.set(id, this.#options.clock.monotonicMs());
    this.#outbox.post({ type: 'cancel', id, error: toErrorBody(error) });
  }

  #reach(message: ToSide): Promise<Loaded | undefined> {
    if (this.#gone) return Promise.reject(this.#gone);
    return new Promise((resolve, reject) => {
      this.#milestone = { resolve, reject };
      this.#outbox.post(message);
    });
  }

  #hear(messages: readonly FromSide[]): void {
    if (this.#gone) return;
    this.lastHeardMs = this.#options.clock.monotonicMs();
    for (const message of messages) this.#take(message);
  }

  #take(message: FromSide): void {
    switch (message.type) {
      case 'ended':
        this.#ended(message.id, message.ended);
        return;
      case 'item':
        this.#calls.get(message.id)?.item?.(message.bytes);
        return;
      case 'pong':
        this.vitals = message;
        return;
      case 'host_call':
        this.#nested.call(message);
        return;
      case 'host_credit':
        this.#nested.grant(message.id, message.credit);
        return;
      case 'host_cancel':
        this.#nested.cancel(message.id);
        return;
      case 'publish':
        this.#publish(message.topic, message.bytes);
        return;
      case 'log':
        relogLine(this.#options.logger, message.line);
        return;
      case 'loaded':
        this.#milestone?.resolve(message.loaded);
        return;
      case 'started':
        this.#milestone?.resolve(undefined);
        return;
      case 'failed':
        this.#milestone?.reject(fromCrossing(message.error));
        return;
      case 'stopped':
        if (message.error)
          this.#options.logger.error(
            { err: fromCrossing(message.error) },
            'an isolated handler failed to stop',
          );
    }
  }

  #ended(id: number, ended: Ended): void {
    const call = this.#calls.get(id);
    if (!call) return;
    this.#calls.delete(id);
    this.#overrun.delete(id);
    if (!ended.ok) call.reject(fromCrossing(ended.error));
    else if (!ended.bytes) call.resolve(undefined);
    else if (call.asBytes) call.resolve(new EncodedBody(ended.bytes));
    else
      try {
        call.resolve(decodeBody('msgpack', ended.bytes, { allowNonFinite: true }));
      } catch (cause) {
        call.reject(new ServiceError('INTERNAL', 'an isolated handler sent an unreadable reply', { cause }));
      }
  }

  #publish(topic: string, bytes: Uint8Array | undefined): void {
    try {
      const body = bytes && decodeBody('msgpack', bytes, { allowNonFinite: true });
      this.#options.host()?.publish(topic, body);
    } catch (err) {
      this.#options.logger.error({ err, topic }, 'an event of an isolated handler could not be published');
    }
  }

  #end(reason: string): void {
    if (this.#gone) return;
    const error = new ServiceError('UNAVAILABLE', `the handler's ${this.link?.label ?? 'side'} ${reason}`);
    this.#gone = error;
    this.#nested.cancelAll();
    this.#milestone?.reject(error);
    for (const call of this.#calls.values()) call.reject(error);
    this.#calls.clear();
    this.#overrun.clear();
    this.#onStopped?.();
    this.#options.onGone(error);
  }
}

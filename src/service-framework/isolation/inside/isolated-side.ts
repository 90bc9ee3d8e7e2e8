import { types } from 'node:util';
import {
  type Clock,
  createLogger,
  LOG_LEVELS,
  type Logger,
  SeededRng,
  ServiceError,
  SystemClock,
  silentLogger,
} from '../../../runtime/index.js';
import { answererOf, type BaseHandler, DEFAULT_MAX_BATCH, type HandlerHealth } from '../../handler/index.js';
import { bodyDigest } from '../../host/digest.js';
import { RunQueue } from '../../host/run-queue.js';
import { StreamPump } from '../../host/stream-pump.js';
import { refuseThenable } from '../../host/thenable.js';
import { DEFAULT_LIMITS, fromErrorBody, type ProtocolLimits } from '../../protocol/index.js';
import { CreditGate } from '../../transport/index.js';
import { encodeOwned, toCrossing } from '../crossing.js';
import { loadModule } from '../load-module.js';
import type { CallMessage, Ended, FromSide, HandlerSource, ToSide } from '../messages.js';
import { Outbox, type SendAll } from '../outbox.js';
import { HostCalls } from './host-calls.js';
import { IsolatedCommand, reportCommands } from './isolated-command.js';
import { handlerHostOf, IsolatedContext, type SideEnvironment } from './isolated-context.js';

export interface IsolatedSideOptions {
  readonly send: SendAll<FromSide>;
  memoryBytes(): number;
  /** Ends the thread or process. */
  end(): void;
}

/** So that the host gives it enough at once to fill a batch. */
function batchOf({ handleBatch, maxBatch = DEFAULT_MAX_BATCH }: BaseHandler): { readonly maxBatch?: number } {
  return handleBatch ? { maxBatch } : {};
}

/** The real handler in its thread or process: takes messages, answers them. */
export class IsolatedSide {
  readonly #options: IsolatedSideOptions;
  readonly #clock: Clock = new SystemClock();
  readonly #outbox: Outbox<FromSide>;
  readonly #hostCalls: HostCalls;
  readonly #commands = new Map<string, IsolatedCommand>();
  readonly #running = new Map<number, IsolatedContext>();
  /** When the next item of a streamed reply may be sent. */
  readonly #streams = new Map<number, CreditGate>();
  readonly #queue = new RunQueue(this.#clock);
  #limits: ProtocolLimits = DEFAULT_LIMITS;
  #logger: Logger = silentLogger();
  #handler: BaseHandler | undefined;
  #environment: SideEnvironment | undefined;

  constructor(options: IsolatedSideOptions) {
    this.#options = options;
    this.#outbox = new Outbox(options.send);
    this.#hostCalls = new HostCalls((message, bytes) => this.#outbox.post(message, bytes));
  }

  take(messages: readonly ToSide[]): void {
    for (const message of messages) this.#take(message);
  }

  #take(message: ToSide): void {
    switch (message.type) {
      case 'call':
        this.#admit(message);
        return;
      case 'cancel':
        this.#running.get(message.id)?.abort(fromErrorBody(message.error));
        this.#streams.get(message.id)?.close();
        return;
      case 'credit':
        this.#streams.get(message.id)?.grant(message.credit);
        return;
      case 'host_item':
        this.#hostCalls.item(message.id, message.bytes);
        return;
      case 'host_reply':
        this.#hostCalls.ended(message.id, message.ended);
        return;
      case 'ping':
        this.#post({ type: 'pong', health: this.#health(), memoryBytes: this.#options.memoryBytes() });
        return;
      case 'limits':
        this.#limits = message.limits;
        return;
      case 'load':
        void this.#step(() => this.#load(message.source, message.logLevel));
        return;
      case 'start':
        void this.#step(() => this.#start(message.seed));
        return;
      case 'stop':
        void this.#stop();
    }
  }

  async #load(source: HandlerSource, logLevel: string): Promise<void> {
    this.#logger = createLogger({
      level: LOG_LEVELS.find((level) => level === logLevel) ?? 'info',
      destination: { write: (line) => this.#post({ type: 'log', line }) },
    });
    const handler = await loadModule(source);
    const answer = answererOf(handler);
    for (const spec of handler.getCommands())
      this.#commands.set(spec.name, new IsolatedCommand(spec, answer));
    this.#handler = handler;
    const properties = Object.fromEntries(source.report.map((name) => [name, Reflect.get(handler, name)]));
    const className = handler.handlerName ?? handler.constructor.name;
    this.#post({
      type: 'loaded',
      loaded: { commands: reportCommands(handler), className, properties, ...batchOf(handler) },
    });
  }

  async #start(seed: number): Promise<void> {
    this.#environment = {
      clock: this.#clock,
      rng: new SeededRng(seed),
      logger: this.#logger,
      hostCalls: this.#hostCalls,
    };
    await this.#handler?.start?.(handlerHostOf(this.#environment));
    this.#post({ type: 'started' });
  }

  async #stop(): Promise<void> {
    try {
      if (this.#environment) await this.#handler?.stop?.();
      this.#post({ type: 'stopped' });
    } catch (thrown) {
      this.#post({ type: 'stopped', error: toCrossing(thrown) });
    }
    this.#outbox.flush();
    // After what has been sent has left.
    setImmediate(() => this.#options.end());
  }

  async #step(act: () => Promise<void>): Promise<void> {
    try {
      await act();
    } catch (thrown) {
      this.#post({ type: 'failed', error: toCrossing(thrown) });
    }
  }

  #admit(call: CallMessage): void {
    const environment = this.#environment;
    const command = this.#commands.get(call.command);
    if (!environment || !command) {
      const error = new ServiceError('UNAVAILABLE', `${call.command}: the handler has not started`);
      this.#end(call.id, { ok: false, error: toCrossing(error) });
      return;
    }
    const context = new IsolatedContext(environment, call);
    this.#running.set(call.id, context);
    // Pings and cancels are heard between slices of a long row of calls.
    const run = (): void => this.#run(call, command, context);
    this.#queue.submit({ run }, command.spec.reserved === true);
  }

  #run(call: CallMessage, command: IsolatedCommand, context: IsolatedContext): void {
    const succeed = (body: unknown): void => this.#succeed(call, body);
    const fail = (thrown: unknown): void => this.#end(call.id, { ok: false, error: toCrossing(thrown) });
    try {
      if (context.aborted) throw context.aborted;
      if (context.remainingMs() <= 0)
        throw new ServiceError('DEADLINE_EXCEEDED', `${call.command}: not answered within its time`);
      const payload = command.payload(call.payload, this.#limits);
      const result = call.digestOnly ? bodyDigest(payload) : this.#answer(call, command, payload, context);
      // Only native promises are awaited: a reply with a field `then` is data.
      if (types.isPromise(result)) result.then(succeed, fail);
      else succeed(result);
    } catch (thrown) {
      fail(thrown);
    }
  }

  #answer(call: CallMessage, command: IsolatedCommand, payload: unknown, context: IsolatedContext): unknown {
    const answer = command.run(payload, context);
    if (call.stream === undefined) return answer;
    const gate = new CreditGate(call.stream, this.#limits.streamCredit);
    this.#streams.set(call.id, gate);
    const item = (body: unknown): void => {
      const bytes = encodeOwned(call.replyCodec, body);
      this.#outbox.post({ type: 'item', id: call.id, bytes }, bytes);
    };
    return new StreamPump(answer, { gate, item }, this.#clock).run();
  }

  #succeed(call: CallMessage, body: unknown): void {
    let bytes: Uint8Array | undefined;
    try {
      bytes = encodeOwned(call.replyCodec, refuseThenable(body));
      if (bytes && bytes.byteLength > this.#limits.messageBytes)
        throw new Error(`the reply has ${bytes.byteLength} bytes, ${this.#limits.messageBytes} are allowed`);
    } catch (cause) {
      const unsendable = new ServiceError('INTERNAL', 'the reply could not be encoded within the limits', {
        cause,
      });
      const known = cause instanceof ServiceError && cause.code === 'INTERNAL';
      this.#end(call.id, { ok: false, error: toCrossing(known ? cause : unsendable) });
      return;
    }
    this.#end(call.id, { ok: true, bytes }, bytes);
  }

  #end(id: number, ended: Ended, bytes?: Uint8Array): void {
    this.#running.delete(id);
    this.#streams.delete(id);
    this.#outbox.post({ type: 'ended', id, ended }, bytes);
  }

  #post(message: FromSide): void {
    this.#outbox.post(message);
  }

  #health(): HandlerHealth {
    try {
      return this.#handler?.health?.() ?? { ready: true };
    } catch (error) {
      return { ready: false, detail: `its health check threw: ${(error as Error).message}` };
    }
  }
}

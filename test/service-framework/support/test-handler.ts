import { Allow, IsNumber, IsOptional, IsString } from 'class-validator';
import { ServiceError, sleep } from '#conclave/runtime/index.js';
import {
  BaseHandler,
  Command,
  type HandlerHealth,
  type HandlerHost,
  type RequestContext,
} from '#conclave/service-framework/handler/index.js';

export class EchoRequest {
  @Allow()
  body: unknown;
}

export class SleepRequest {
  @IsNumber()
  ms!: number;
}

export class BytesRequest {
  @IsNumber()
  bytes!: number;
}

export class PublishRequest {
  @IsString()
  topic!: string;
  @IsNumber()
  count!: number;
}

export class ThrowRequest {
  @IsString()
  what!: string;
}

export class NestedRequest {
  @IsString()
  command!: string;
  @Allow()
  payload: unknown;
  @IsOptional()
  @IsNumber()
  timeoutMs?: number;
}

export class CountRequest {
  @IsNumber()
  by!: number;
  @IsOptional()
  @IsNumber()
  delayMs?: number;
}

export class StreamRequest {
  /** Items to yield. */
  @IsNumber()
  count!: number;
  /** Between two items, ms. */
  @IsOptional()
  @IsNumber()
  everyMs?: number;
  /** Of padding in each item. */
  @IsOptional()
  @IsNumber()
  bytes?: number;
  /** How it ends: with a result, by failing, by an item that cannot travel, or not at all. */
  @IsOptional()
  @IsString()
  end?: string;
}

export class StreamItem {
  @IsNumber()
  i!: number;
}

export class StreamResult {
  @IsNumber()
  yielded!: number;
}

/** Every way a handler may behave, well or badly. */
export class TestHandler extends BaseHandler {
  readonly log: string[] = [];
  total = 0;
  /** The last item of `test.stream`. */
  yielded = 0;
  ready = true;
  lastContext: RequestContext | undefined;
  lastAbort: unknown;
  host: HandlerHost | undefined;
  stopDelayMs = 0;

  override async start(host: HandlerHost): Promise<void> {
    this.host = host;
    this.log.push('start');
  }

  override async stop(): Promise<void> {
    if (this.host && this.stopDelayMs > 0) await sleep(this.host.clock, this.stopDelayMs);
    this.log.push('stop');
  }

  override health(): HandlerHealth {
    return this.ready ? { ready: true } : { ready: false, detail: 'told so' };
  }

  @Command('test.echo', { request: EchoRequest, summary: 'Answers with its body.' })
  echo(request: EchoRequest): unknown {
    return { body: request.body };
  }

  @Command('test.context', { summary: 'Tells what the handler sees.' })
  context(_payload: undefined, context: RequestContext): unknown {
    this.lastContext = context;
    return {
      command: context.command,
      requestId: context.requestId,
      role: context.role,
      remainingMs: context.remainingMs(),
      key: context.key,
      traceparent: context.traceparent,
    };
  }

  @Command('test.sleep', { request: SleepRequest, summary: 'Answers later.' })
  async sleep(request: SleepRequest, context: RequestContext): Promise<string> {
    this.log.push('sleeping');
    try {
      await sleep(context.clock, request.ms, context.signal);
    } catch (reason) {
      this.lastAbort = reason;
      this.log.push('aborted');
      throw reason;
    }
    this.log.push('slept');
    return 'slept';
  }

  @Command('test.hang', { summary: 'Never answers and hears no signal.' })
  hang(): Promise<never> {
    return new Promise(() => undefined);
  }

  @Command('test.block', { request: SleepRequest, summary: 'Keeps the event loop busy.' })
  block(request: SleepRequest): string {
    const untilMs = performance.now() + request.ms;
    while (performance.now() < untilMs);
    return 'blocked';
  }

  @Command('test.throw', { request: ThrowRequest, summary: 'Fails.' })
  throw(request: ThrowRequest): never {
    switch (request.what) {
      case 'service':
        throw new ServiceError('NOT_FOUND', 'no such thing', { details: { looked: 'everywhere' } });
      case 'string':
        throw 'password=hunter2';
      default:
        throw new TypeError('password=hunter2');
    }
  }

  @Command('test.reject', { summary: 'Fails later.' })
  async reject(): Promise<never> {
    throw new RangeError('later');
  }

  @Command('test.then_data', { summary: 'Answers with a field named then.' })
  thenData(): unknown {
    // biome-ignore lint/suspicious/noThenProperty: the trap under test
    return { then: 'data', catch: 1 };
  }

  @Command('test.then_function', { summary: 'Answers with a callable then.' })
  thenFunction(): unknown {
    return {
      // biome-ignore lint/suspicious/noThenProperty: the trap under test
      then: (resolve: (value: string) => void) => {
        this.log.push('then was called');
        resolve('hijacked');
      },
    };
  }

  @Command('test.unsendable', { summary: 'Answers with what no message can carry.' })
  unsendable(): unknown {
    return { callback: () => undefined };
  }

  @Command('test.nan', { summary: 'Answers with a NaN.' })
  nan(): unknown {
    return { value: Number.NaN };
  }

  @Command('test.bytes', { request: BytesRequest, summary: 'Answers with that many bytes.' })
  bytes(request: BytesRequest): unknown {
    return { bytes: new Uint8Array(request.bytes) };
  }

  @Command('test.publish', { request: PublishRequest, summary: 'Publishes numbered events.' })
  publish(request: PublishRequest, context: RequestContext): unknown {
    for (let i = 1; i <= request.count; i++) context.publish(request.topic, { i });
    return { published: request.count };
  }

  @Command('test.nested', { request: NestedRequest, summary: 'Calls another command.' })
  async nested(request: NestedRequest, context: RequestContext): Promise<unknown> {
    const options = request.timeoutMs === undefined ? {} : { timeoutMs: request.timeoutMs };
    return { inner: await context.call(request.command, request.payload, options) };
  }

  @Command('test.count', { request: CountRequest, summary: 'Has an effect.', key: 'required' })
  async count(request: CountRequest, context: RequestContext): Promise<unknown> {
    if (request.delayMs !== undefined) await sleep(context.clock, request.delayMs);
    this.total += request.by;
    return { total: this.total, idempotency: context.idempotency };
  }

  @Command('test.stream', {
    request: StreamRequest,
    stream: StreamItem,
    response: StreamResult,
    summary: 'Yields numbered items.',
  })
  async *stream(request: StreamRequest, context: RequestContext): AsyncGenerator<unknown, unknown> {
    const { count, everyMs, bytes, end } = request;
    try {
      for (let i = 1; i <= count; i++) {
        if (everyMs !== undefined) await sleep(context.clock, everyMs, context.signal);
        this.yielded = i;
        yield bytes === undefined ? { i } : { i, padding: new Uint8Array(bytes) };
      }
      if (end === 'fail') throw new ServiceError('NOT_FOUND', 'no more of it', { details: { count } });
      if (end === 'throw') throw new TypeError('password=hunter2');
      if (end === 'unsendable') yield { callback: () => undefined };
      if (end === 'hang') await new Promise(() => undefined);
      if (end === 'wait') await sleep(context.clock, 3_600_000, context.signal);
      return { yielded: count };
    } catch (thrown) {
      this.lastAbort = context.signal.reason;
      throw thrown;
    } finally {
      this.log.push('stream ended');
    }
  }

  @Command('test.stream_of_nothing', { stream: StreamItem, summary: 'Is no stream, though it says so.' })
  streamOfNothing(): unknown {
    return { i: 1 };
  }

  @Command('test.admin', { summary: 'For admins.', roles: ['admin'] })
  admin(): string {
    return 'admin';
  }

  @Command('test.trader', { summary: 'For traders.', roles: ['trader'] })
  trader(): string {
    return 'trader';
  }
}

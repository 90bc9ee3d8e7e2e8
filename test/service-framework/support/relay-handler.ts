import { Allow, IsNumber, IsOptional, IsString } from 'class-validator';
import {
  BaseHandler,
  Command,
  type HandlerHost,
  type HandlerStream,
  type RequestContext,
} from '#conclave/service-framework/handler/index.js';

export class RelayRequest {
  /** The command whose stream is taken. */
  @IsString()
  command!: string;
  @Allow()
  payload: unknown;
  @IsOptional()
  @IsNumber()
  window?: number;
  @IsOptional()
  @IsNumber()
  timeoutMs?: number;
  /** Items taken before it is left; absent = all. */
  @IsOptional()
  @IsNumber()
  take?: number;
  /** How it is left: `break`, `cancel`, `abort` (its own signal), `forget` (not at all), `wait`, or `exit` (its thread or process). */
  @IsOptional()
  @IsString()
  leave?: string;
}

export class RelayItem {
  @Allow()
  i: unknown;
}

/** Takes the streams of other commands, in every way a handler may. */
export class RelayHandler extends BaseHandler {
  #host: HandlerHost | undefined;

  override async start(host: HandlerHost): Promise<void> {
    this.#host = host;
  }

  @Command('relay.collect', { request: RelayRequest, summary: 'Takes a stream and answers in one piece.' })
  async collect(request: RelayRequest, context: RequestContext): Promise<unknown> {
    const { take, leave } = request;
    const stop = new AbortController();
    const stream = open(request, context, stop.signal);
    const items: unknown[] = [];
    if (take === 0 && leave === 'forget') return { items };
    for await (const item of stream) {
      items.push(item.i);
      if (items.length !== take) continue;
      if (leave === 'cancel') stream.cancel();
      if (leave === 'abort') stop.abort();
      if (leave === 'forget') return { items: [...items, (await stream.next()).done] };
      if (leave === 'exit') process.exit(3);
      if (leave === 'wait') await new Promise(() => undefined);
      if (leave === 'break') break;
    }
    return { items, result: await stream.result.catch(({ code }) => code) };
  }

  @Command('relay.pass', {
    request: RelayRequest,
    stream: RelayItem,
    response: RelayItem,
    summary: 'Passes a stream on, item by item, and its end.',
  })
  async *pass(request: RelayRequest, context: RequestContext): AsyncGenerator<unknown, unknown> {
    return yield* open(request, context);
  }

  @Command('relay.hand_over', {
    request: RelayRequest,
    stream: RelayItem,
    response: RelayItem,
    summary: 'Answers with the stream itself.',
  })
  handOver(request: RelayRequest, context: RequestContext): unknown {
    return open(request, context);
  }

  @Command('relay.on_its_own', {
    request: RelayRequest,
    summary: 'Takes a stream that belongs to no request.',
  })
  async onItsOwn({ command, payload, timeoutMs }: RelayRequest): Promise<unknown> {
    if (!this.#host) throw new Error('not started');
    const items: unknown[] = [];
    for await (const item of this.#host.stream<RelayItem>(command, payload, { timeoutMs }))
      items.push(item.i);
    return { items };
  }
}

function open(
  { command, payload, window, timeoutMs }: RelayRequest,
  context: RequestContext,
  signal?: AbortSignal,
): HandlerStream<RelayItem> {
  return context.stream<RelayItem>(command, payload, { window, timeoutMs, signal });
}

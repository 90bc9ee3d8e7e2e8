import { IsNumber, IsOptional, IsString } from 'class-validator';
import { ServiceError, sleep } from '#conclave/runtime/index.js';
import {
  BaseHandler,
  Command,
  type HandlerHealth,
  type HandlerHost,
  IsColumn,
  type RequestContext,
} from '#conclave/service-framework/index.js';

/** How the handler of these tests is made. */
export interface TroubledOptions {
  readonly factor?: number;
  readonly failStart?: boolean;
  readonly announce?: boolean;
}

export class ScaleRequest {
  @IsColumn()
  values!: Float64Array;
}

export class CallRequest {
  @IsString()
  command!: string;
  @IsOptional()
  @IsNumber()
  timeoutMs?: number;
}

export class AddRequest {
  @IsNumber()
  by!: number;
}

/** Lives in a thread or process of its own, where it does everything a handler should not. */
export class TroubledHandler extends BaseHandler {
  readonly version = '1.2.3';
  readonly #options: TroubledOptions;
  #total = 0;
  #aborts = 0;

  constructor(options: TroubledOptions = {}) {
    super();
    this.#options = options;
  }

  override async start(host: HandlerHost): Promise<void> {
    if (this.#options.failStart === true) throw new ServiceError('FAILED_PRECONDITION', 'no model');
    if (this.#options.announce === true) {
      const { timeMs } = await host.call<{ timeMs: number }>('service.ping');
      host.publish('troubled.started', { timeMs });
    }
  }

  override health(): HandlerHealth {
    return { ready: true, detail: 'well' };
  }

  @Command('troubled.scale', { request: ScaleRequest, summary: 'Multiplies a column.' })
  scale({ values }: ScaleRequest): unknown {
    return { values: values.map((value) => value * (this.#options.factor ?? 1)) };
  }

  @Command('troubled.context', { summary: 'Tells what it sees.' })
  context(_payload: undefined, context: RequestContext): unknown {
    context.logger.warn({ seen: true }, 'looked at');
    const { command, requestId, role, traceparent } = context;
    const remainingMs = context.remainingMs();
    return {
      command,
      requestId,
      role,
      traceparent,
      remainingMs,
      draw: context.rng.uniform(),
      pid: process.pid,
    };
  }

  @Command('troubled.call', { request: CallRequest, summary: 'Calls another command of its host.' })
  async call({ command, timeoutMs }: CallRequest, context: RequestContext): Promise<unknown> {
    return { reply: await context.call(command, undefined, { timeoutMs }) };
  }

  @Command('troubled.publish', { summary: 'Publishes an event.' })
  publish(_payload: undefined, context: RequestContext): unknown {
    context.publish('troubled.news', { column: Float64Array.of(1, 2) });
    return null;
  }

  @Command('troubled.add', { request: AddRequest, summary: 'Has an effect.', key: 'required' })
  add({ by }: AddRequest, context: RequestContext): unknown {
    this.#total += by;
    return { total: this.#total, digest: context.idempotency?.digest };
  }

  @Command('troubled.wait', { summary: 'Waits until it is told not to.' })
  async wait(_payload: undefined, context: RequestContext): Promise<unknown> {
    context.publish('troubled.waiting', null);
    try {
      await sleep(context.clock, 60_000, context.signal);
    } catch (reason) {
      this.#aborts++;
      throw reason;
    }
    return null;
  }

  @Command('troubled.aborts', { summary: 'How often it was told not to wait.' })
  aborts(): unknown {
    return { aborts: this.#aborts };
  }

  @Command('troubled.hang', { summary: 'Never ends.' })
  hang(): Promise<never> {
    return new Promise(() => undefined);
  }

  @Command('troubled.spin', { summary: 'Never gives its thread back.' })
  spin(): never {
    for (;;);
  }

  @Command('troubled.leak', { summary: 'Fills the heap.' })
  leak(): never {
    const kept: unknown[] = [];
    for (;;) kept.push(new Array(1_000).fill(kept.length));
  }

  @Command('troubled.leak_buffers', { summary: 'Fills memory outside the heap, at leisure.' })
  async leakBuffers(_payload: undefined, { clock }: RequestContext): Promise<never> {
    const kept: Uint8Array[] = [];
    for (;;) {
      kept.push(new Uint8Array(8 * 1024 * 1024).fill(kept.length + 1));
      await sleep(clock, 1);
    }
  }

  @Command('troubled.throw', { summary: 'Fails.' })
  throw(): never {
    throw new TypeError('password=hunter2');
  }

  @Command('troubled.refuse', { summary: 'Fails with a code.' })
  refuse(): never {
    throw new ServiceError('NOT_FOUND', 'no such thing', {
      field: 'thing',
      details: { looked: 'everywhere' },
    });
  }

  @Command('troubled.uncaught', { summary: 'Throws where nobody catches.' })
  uncaught(): Promise<never> {
    setImmediate(() => {
      throw new Error('nobody catches this');
    });
    return new Promise(() => undefined);
  }

  @Command('troubled.exit', { summary: 'Exits.' })
  exit(): never {
    process.exit(7);
  }

  @Command('troubled.abort', { summary: 'Aborts, as native code does.' })
  abort(): never {
    process.abort();
  }

  @Command('troubled.print', { summary: 'Writes where only its host may.' })
  print(): unknown {
    process.stdout.write('to stdout\n');
    process.stderr.write('to stderr\n');
    return null;
  }
}

/** An export that makes no handler. */
export function makeNothing(): unknown {
  return {};
}

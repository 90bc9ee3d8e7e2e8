import { IsNumber, IsOptional, IsString } from 'class-validator';
import { ServiceError, sleep } from '#conclave/runtime/index.js';
import { BaseHandler, Command, type RequestContext } from '#conclave/service-framework/index.js';

export class CountRequest {
  @IsNumber()
  count!: number;
  /** How it ends; absent = with a result. */
  @IsOptional()
  @IsString()
  end?: string;
}

export class CountItem {
  @IsNumber()
  i!: number;
}

/** Streams from a thread or process of its own, and remembers how far it got. */
export class StreamingHandler extends BaseHandler {
  #yielded = 0;
  #ended = 0;

  @Command('streaming.count', {
    request: CountRequest,
    stream: CountItem,
    summary: 'Yields numbered columns.',
  })
  async *count({ count, end }: CountRequest, context: RequestContext): AsyncGenerator<unknown, unknown> {
    try {
      for (let i = 1; i <= count; i++) {
        this.#yielded = i;
        yield { i, column: Float64Array.of(i, -i) };
      }
      if (end === 'fail') throw new ServiceError('NOT_FOUND', 'no more of it', { details: { count } });
      if (end === 'unsendable') yield { callback: () => undefined };
      if (end === 'exit') process.exit(3);
      if (end === 'wait') await sleep(context.clock, 3_600_000, context.signal);
      return { yielded: count };
    } finally {
      this.#ended++;
    }
  }

  @Command('streaming.progress', { summary: 'How far it got, and how many streams have ended.' })
  progress(): unknown {
    return { yielded: this.#yielded, ended: this.#ended };
  }
}

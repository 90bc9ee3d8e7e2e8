import { Allow, IsNumber, IsString } from 'class-validator';
import { sleep } from '#conclave/runtime/index.js';
import { BaseHandler, Command, type RequestContext } from '#conclave/service-framework/index.js';

export class AnyRequest {
  @Allow()
  value: unknown;
}

export class DurationRequest {
  @IsNumber()
  ms!: number;
}

export class EffectRequest {
  @IsString()
  name!: string;
}

/** What the hosts of the soak answer. */
export class SoakHandler extends BaseHandler {
  readonly #effects = new Map<string, number>();

  @Command('soak.echo', { request: AnyRequest, summary: 'Answers with what it was sent.' })
  echo({ value }: AnyRequest): unknown {
    return { value };
  }

  @Command('soak.work', { request: DurationRequest, summary: 'Keeps the processor busy.' })
  work({ ms }: DurationRequest): boolean {
    const untilMs = performance.now() + ms;
    while (performance.now() < untilMs);
    return true;
  }

  @Command('soak.wait', { request: DurationRequest, summary: 'Answers later.' })
  async wait({ ms }: DurationRequest, context: RequestContext): Promise<boolean> {
    await sleep(context.clock, ms, context.signal);
    return true;
  }

  @Command('soak.effect', { request: EffectRequest, key: 'required', summary: 'Counts its executions.' })
  effect({ name }: EffectRequest): number {
    const count = (this.#effects.get(name) ?? 0) + 1;
    this.#effects.set(name, count);
    return count;
  }

  @Command('soak.effects', { summary: 'Executions of each name.' })
  effects(): Record<string, number> {
    return Object.fromEntries(this.#effects);
  }
}

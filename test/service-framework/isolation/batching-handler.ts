import { IsNumber, IsOptional } from 'class-validator';
import { ServiceError, sleep } from '#conclave/runtime/index.js';
import { BaseHandler, type BatchRequest, type CommandSpec } from '#conclave/service-framework/index.js';

export class SquareRequest {
  @IsNumber()
  value!: number;
  /** How long its batch takes, ms. */
  @IsOptional()
  @IsNumber()
  delayMs?: number;
}

/** Answers with the square and with how many were handed over together; a negative value fails alone. */
export class BatchingHandler extends BaseHandler {
  override readonly maxBatch: number;

  constructor({ maxBatch = 8 }: { readonly maxBatch?: number } = {}) {
    super();
    this.maxBatch = maxBatch;
  }

  override getCommands(): readonly CommandSpec[] {
    const names = ['batch.square', 'batch.cube', 'batch.short', 'batch.throw', 'batch.hang', 'batch.later'];
    const common = { summary: 'Computes.', request: SquareRequest };
    return names.map((name) => ({ name, ...common, ...(name === 'batch.cube' ? { concurrency: 30 } : {}) }));
  }

  override async handleBatch(
    command: string,
    requests: readonly BatchRequest[],
  ): Promise<readonly unknown[]> {
    const inputs = requests.map(({ payload }) => payload as SquareRequest);
    const clock = requests[0]?.context.clock;
    const delayMs = Math.max(0, ...inputs.map((input) => input.delayMs ?? 0));
    switch (command) {
      case 'batch.short':
        return inputs.slice(1);
      case 'batch.throw':
        throw new ServiceError('UNAVAILABLE', 'the model is gone');
      case 'batch.hang':
        return new Promise(() => undefined);
      case 'batch.later':
        return inputs.map(async ({ value, delayMs = 0 }) => {
          if (clock) await sleep(clock, delayMs);
          return { value };
        });
    }
    if (clock && delayMs > 0) await sleep(clock, delayMs);
    const power = command === 'batch.cube' ? 3 : 2;
    return inputs.map(({ value }) =>
      value < 0
        ? new ServiceError('INVALID_ARGUMENT', 'value: must not be negative', { field: 'value' })
        : { result: value ** power, together: inputs.length },
    );
  }
}

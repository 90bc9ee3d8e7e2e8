import { compileValidator } from '#conclave/service-framework/index.js';
import { DecideRequest, VoteCommand } from './dto.js';
import { inProcess } from './ours.js';
import { median } from './timing.js';
import { workloads } from './workloads.js';

/** Microseconds of what needs no second process. */
export interface Alone {
  readonly validateCommandUs: number;
  readonly validateDecideUs: number;
  readonly inProcessCommandUs: number;
  readonly inProcessDecideUs: number;
}

const ROUNDS = 7;

/** @param calls of the small workload in one round; of the large one a tenth */
export async function measureAlone(calls: number): Promise<Alone> {
  const { command, decide } = workloads(true);
  const vote = compileValidator(VoteCommand);
  const question = compileValidator(DecideRequest);
  const local = await inProcess();
  const few = Math.ceil(calls / 10);
  try {
    return {
      validateCommandUs: await each(calls, () => vote.validate(command.request)),
      validateDecideUs: await each(few, () => question.validate(decide.request)),
      inProcessCommandUs: await eachAwaited(calls, local.calls.command),
      inProcessDecideUs: await eachAwaited(few, local.calls.decide),
    };
  } finally {
    await local.close();
  }
}

async function each(calls: number, run: () => unknown): Promise<number> {
  return medianUs(calls, () => {
    for (let i = 0; i < calls; i++) run();
  });
}

async function eachAwaited(calls: number, run: () => Promise<unknown>): Promise<number> {
  return medianUs(calls, async () => {
    for (let i = 0; i < calls; i++) await run();
  });
}

async function medianUs(calls: number, round: () => unknown): Promise<number> {
  const times: number[] = [];
  await round();
  for (let i = 0; i < ROUNDS; i++) {
    const startMs = performance.now();
    await round();
    times.push(((performance.now() - startMs) * 1000) / calls);
  }
  return median(times);
}

import { Child } from './child.js';
import type { Entry } from './field.js';
import { median, type Timing } from './timing.js';
import type { Order } from './worker.js';
import type { WorkloadName } from './workloads.js';

/** Medians over the rounds. */
export interface Figures {
  readonly p50Us: number;
  readonly p99Us: number;
  /** With many in flight. */
  readonly perSecond: number;
  /** CPU of a request with many in flight. */
  readonly clientCpuUs: number;
  readonly serverCpuUs: number;
  /** Both sides, one call at a time. */
  readonly sequentialCpuUs: number;
}

export interface Result {
  readonly entry: Entry;
  readonly command: Figures;
  readonly decide: Figures;
}

export interface RaceOptions {
  readonly rounds: number;
  readonly budgetMs: number;
  readonly pinned: boolean;
  progress(text: string): void;
}

interface Runner {
  readonly entry: Entry;
  readonly server: Child;
  readonly client: Child;
}

/** Rounds that count for nothing: in the first, code is still being compiled. */
const WARM_UP = 2;
const WORKLOADS: readonly WorkloadName[] = ['command', 'decide'];

/** All contestants in turn, round after round, so that a machine's slow minute strikes them alike. */
export async function race(entries: readonly Entry[], options: RaceOptions): Promise<Result[]> {
  const runners: Runner[] = [];
  try {
    for (const entry of entries) runners.push(await start(entry, options.pinned));
    const rounds = new Map<string, Round[]>();
    for (let round = -WARM_UP; round < options.rounds; round++) {
      for (const runner of runners) {
        for (const workload of WORKLOADS) {
          options.progress(
            `round ${Math.max(0, round + 1)} of ${options.rounds}: ${runner.entry.name}, ${workload}`,
          );
          const measured = await runRound(runner, workload, options.budgetMs);
          const key = `${runner.entry.name} ${workload}`;
          // The first ones only warm up.
          if (round >= 0) rounds.set(key, [...(rounds.get(key) ?? []), measured]);
        }
      }
    }
    return runners.map(({ entry }) => ({
      entry,
      command: figures(rounds.get(`${entry.name} command`) ?? []),
      decide: figures(rounds.get(`${entry.name} decide`) ?? []),
    }));
  } finally {
    for (const { server, client } of runners) {
      client.end();
      server.end();
    }
  }
}

async function start(entry: Entry, pinned: boolean): Promise<Runner> {
  const server = new Child(pinned ? 0 : undefined, ['serve', entry.module]);
  const address = await server.hear<string>();
  const client = new Child(pinned ? 1 : undefined, ['call', entry.module, address]);
  await client.hear();
  return { entry, server, client };
}

interface Measured extends Timing {
  readonly serverCpuUs: number;
}

interface Round {
  readonly sequential: Measured;
  readonly sideBySide: Measured;
}

async function runRound(runner: Runner, workload: WorkloadName, budgetMs: number): Promise<Round> {
  const sequential = await measure(runner, { workload, mode: 'sequential', budgetMs });
  const sideBySide = await measure(runner, { workload, mode: 'sideBySide', budgetMs });
  return { sequential, sideBySide };
}

async function measure({ server, client }: Runner, order: Order): Promise<Measured> {
  const before = await server.ask<number>('cpu');
  const timing = await client.ask<Timing>(order);
  return { ...timing, serverCpuUs: (await server.ask<number>('cpu')) - before };
}

function figures(rounds: readonly Round[]): Figures {
  const of = (read: (round: Round) => number): number => median(rounds.map(read));
  return {
    p50Us: of(({ sequential }) => sequential.p50Us ?? Number.NaN),
    p99Us: of(({ sequential }) => sequential.p99Us ?? Number.NaN),
    perSecond: of(({ sideBySide }) => (sideBySide.calls / sideBySide.elapsedMs) * 1000),
    clientCpuUs: of(({ sideBySide }) => sideBySide.cpuUs / sideBySide.calls),
    serverCpuUs: of(({ sideBySide }) => sideBySide.serverCpuUs / sideBySide.calls),
    sequentialCpuUs: of(({ sequential }) => (sequential.cpuUs + sequential.serverCpuUs) / sequential.calls),
  };
}

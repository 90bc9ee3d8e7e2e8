import type { Alone } from './alone.js';
import type { Figures, Result } from './race.js';
import type { WorkloadName } from './workloads.js';

/** One line of the table of figures to reach. */
export interface Verdict {
  readonly figure: string;
  readonly ours: number;
  /** What it is measured against, and its name; absent for absolute bars. */
  readonly theirs?: number;
  readonly against?: string;
  /** `ours / theirs`, or `ours` itself where the bar is absolute, in µs. */
  readonly ratio: number;
  readonly bar: number;
  readonly aim: number;
  /** Whether more is better. */
  readonly atLeast: boolean;
  readonly reached: boolean;
}

type Read = (figures: Figures) => number;
const p50: Read = ({ p50Us }) => p50Us;
const perSecond: Read = (figures) => figures.perSecond;
const cpu: Read = ({ clientCpuUs, serverCpuUs }) => clientCpuUs + serverCpuUs;

export function verdicts(results: readonly Result[], alone: Alone): Verdict[] {
  const ours = results.find(({ entry }) => entry.name === 'conclave');
  if (!ours) return [];
  const one = (name: string): Result[] => results.filter(({ entry }) => entry.name === name);
  const peers = results.filter(({ entry }) => entry.typescriptPeer);
  const all = results.filter(({ entry }) => entry.name !== 'conclave' && !entry.name.startsWith('raw'));
  const line = (
    figure: string,
    workload: WorkloadName,
    read: Read,
    rivals: readonly Result[],
    [bar, aim]: readonly [number, number],
    atLeast: boolean,
  ): Verdict[] => {
    const sorted = [...rivals].sort((a, b) => read(a[workload]) - read(b[workload]));
    // The best of them: the most requests, or the least time.
    const best = atLeast && read === perSecond ? sorted.at(-1) : sorted[0];
    if (!best) return [];
    const mine = read(ours[workload]);
    const theirs = read(best[workload]);
    const ratio = mine / theirs;
    const reached = atLeast ? ratio >= bar : ratio <= bar;
    return [{ figure, ours: mine, theirs, against: best.entry.name, ratio, bar, aim, atLeast, reached }];
  };
  const absolute = (figure: string, us: number, bar: number, aim: number): Verdict => ({
    figure,
    ours: us,
    ratio: us,
    bar,
    aim,
    atLeast: false,
    reached: us <= bar,
  });
  const raw = one('raw zeromq.js');
  // Equal content as each would usually be given it: columns here, lists of validated objects there.
  const nest = one('NestJS TCP, rows');
  return [
    ...line('command, sequential p50', 'command', p50, raw, [1.15, 1.08], false),
    ...line('command, 64 in flight', 'command', perSecond, raw, [1.2, 1.5], true),
    ...line('command, 64 in flight', 'command', perSecond, peers, [1.4, 2], true),
    ...line('command, CPU of both sides', 'command', cpu, peers, [0.6, 0.45], false),
    ...line('decide, sequential p50', 'decide', p50, raw, [1.25, 1.15], false),
    ...line('decide, 64 in flight', 'decide', perSecond, all, [2, 3], true),
    ...line('decide, sequential p50', 'decide', p50, nest, [1 / 20, 1 / 20], false),
    ...line('decide, 64 in flight', 'decide', perSecond, nest, [40, 40], true),
    absolute('validate command, µs', alone.validateCommandUs, 1.5, 0.7),
    absolute('validate decide request, µs', alone.validateDecideUs, 6, 3.5),
    absolute('in-process command, µs', alone.inProcessCommandUs, 5, 2),
  ];
}

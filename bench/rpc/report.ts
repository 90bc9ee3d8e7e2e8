import Table from 'cli-table3';
import type { Alone } from './alone.js';
import type { Entry } from './field.js';
import type { Figures, Result } from './race.js';
import type { Verdict } from './verdicts.js';

/** Everything one run found. */
export interface Report {
  readonly node: string;
  readonly pinned: boolean;
  readonly rounds: number;
  readonly results: readonly Result[];
  readonly absent: readonly Entry[];
  readonly alone: Alone;
  readonly verdicts: readonly Verdict[];
}

export function asText(report: Report): string {
  return [
    ...(['command', 'decide'] as const).map((workload) => figuresTable(workload, report.results)),
    verdictTable(report.verdicts),
    ...report.absent.map(({ name, absent }) => `${name}: absent (${absent})`),
    `Node.js ${report.node}, ${report.pinned ? 'server on processor 0, client on 1' : 'not pinned'}, ` +
      `medians of ${report.rounds} rounds. Only ratios of one run mean anything.`,
  ].join('\n');
}

export function asJson({ results, absent, ...rest }: Report): string {
  return JSON.stringify({
    ...rest,
    contestants: results.map(({ entry, command, decide }) => ({ name: entry.name, command, decide })),
    absent: absent.map((entry) => ({ name: entry.name, why: entry.absent })),
  });
}

function figuresTable(workload: 'command' | 'decide', results: readonly Result[]): string {
  const right = ['left', 'right', 'right', 'right', 'right', 'right', 'right'] as const;
  const table = new Table({
    head: [workload, 'p50 µs', 'p99 µs', '64 in flight /s', 'CPU client µs', 'CPU server µs', 'CPU one µs'],
    colAligns: [...right],
    style: { head: [], border: [] },
  });
  for (const { entry, [workload]: of } of results) table.push([entry.name, ...cells(of)]);
  return table.toString();
}

function cells(of: Figures): string[] {
  const { p50Us, p99Us, perSecond, clientCpuUs, serverCpuUs, sequentialCpuUs } = of;
  return [
    p50Us.toFixed(1),
    p99Us.toFixed(0),
    perSecond.toFixed(0),
    clientCpuUs.toFixed(1),
    serverCpuUs.toFixed(1),
    sequentialCpuUs.toFixed(1),
  ];
}

function verdictTable(verdicts: readonly Verdict[]): string {
  const table = new Table({
    head: ['figure', 'against', 'ours', 'theirs', 'ratio', 'bar', 'aim', 'reached'],
    colAligns: ['left', 'left', 'right', 'right', 'right', 'right', 'right', 'left'],
    style: { head: [], border: [] },
  });
  for (const { figure, against, ours, theirs, ratio, bar, aim, atLeast, reached } of verdicts) {
    const sign = atLeast ? '>=' : '<=';
    table.push([
      figure,
      against ?? '',
      short(ours),
      theirs === undefined ? '' : short(theirs),
      ratio.toFixed(ratio < 0.1 ? 3 : 2),
      `${sign} ${short(bar)}`,
      short(aim),
      reached ? 'yes' : 'NO',
    ]);
  }
  return table.toString();
}

function short(value: number): string {
  return value >= 1000 ? value.toFixed(0) : String(Math.round(value * 100) / 100);
}

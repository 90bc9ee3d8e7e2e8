import Table from 'cli-table3';
import { type Figure, reached } from './figure.js';

export interface StepReport {
  readonly step: string;
  readonly seconds: number;
  readonly figures: readonly Figure[];
  /** It could not be measured. */
  readonly failed?: string;
}

export function asText(reports: readonly StepReport[]): string {
  const table = new Table({
    head: ['step', 'figure', 'value', 'bar', 'unit', 'reached'],
    colAligns: ['left', 'left', 'right', 'right', 'left', 'left'],
    style: { head: [], border: [] },
  });
  for (const { step, figures, failed } of reports) {
    if (failed !== undefined) table.push([step, failed, '', '', '', 'NO']);
    for (const figure of figures) {
      const { value, bar, atLeast, unit } = figure;
      const sign = atLeast ? '>=' : '<=';
      table.push([
        step,
        figure.figure,
        short(value),
        `${sign} ${short(bar)}`,
        unit,
        reached(figure) ? 'yes' : 'NO',
      ]);
    }
  }
  const seconds = reports.reduce((sum, report) => sum + report.seconds, 0);
  return `${table.toString()}\nNode.js ${process.version}, ${seconds.toFixed(0)} s`;
}

export function asJson(reports: readonly StepReport[]): string {
  return JSON.stringify({
    node: process.version,
    steps: reports.map((report) => ({
      ...report,
      figures: report.figures.map((figure) => ({ ...figure, reached: reached(figure) })),
    })),
  });
}

export function allReached(reports: readonly StepReport[]): boolean {
  return reports.every(({ figures, failed }) => failed === undefined && figures.every(reached));
}

function short(value: number): string {
  return Math.abs(value) >= 100 ? value.toFixed(0) : String(Math.round(value * 100) / 100);
}

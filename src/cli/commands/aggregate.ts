import { readFileSync } from 'node:fs';
import { Command, Option } from 'commander';
import { CsvError, parse } from 'csv-parse/sync';
import { AGGREGATION_METHODS, type AggregationMethod, aggregateForecasts } from '../../fastcalc/index.js';
import { invalidArgument, ServiceError } from '../../runtime/index.js';
import { table } from '../table.js';

const SHOWN_WEIGHTS = 10;
/** What stands for a forecast that was not made. */
const MISSING = new Set(['', 'NA', 'NaN', 'nan']);

interface AggregateOptions {
  readonly in: string;
  readonly target: string;
  readonly exclude?: readonly string[];
  readonly method: AggregationMethod;
  readonly json?: boolean;
}

interface Forecasts {
  readonly experts: readonly string[];
  readonly forecasts: Float64Array;
  readonly target: Float64Array;
}

function number(text: string, row: number, column: string): number {
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value)) return value;
  throw invalidArgument(`row ${row}, ${column}`, text, 'a finite number');
}

function readForecasts(options: AggregateOptions): Forecasts {
  let rows: string[][];
  try {
    rows = parse(readFileSync(options.in, 'utf8'), { skip_empty_lines: true, bom: true }) as string[][];
  } catch (cause) {
    if (cause instanceof CsvError) throw invalidArgument('in', cause.message, 'a CSV file with a header');
    throw new ServiceError('INVALID_ARGUMENT', `cannot read ${options.in}: ${(cause as Error).message}`, {
      field: 'in',
      cause,
    });
  }
  const [head = [], ...body] = rows;
  const at = head.indexOf(options.target);
  if (at < 0) throw invalidArgument('target', options.target, `a column: ${head.join(', ')}`);
  for (const name of options.exclude ?? []) {
    if (!head.includes(name)) throw invalidArgument('exclude', name, `a column: ${head.join(', ')}`);
  }
  const used = head.map((_, column) => column).filter((column) => column !== at);
  const kept = used.filter((column) => !options.exclude?.includes(head[column] ?? ''));
  const forecasts = new Float64Array(body.length * kept.length);
  const target = new Float64Array(body.length);
  for (const [row, cells] of body.entries()) {
    target[row] = number(cells[at] ?? '', row + 1, options.target);
    for (const [place, column] of kept.entries()) {
      const text = cells[column] ?? '';
      const value = MISSING.has(text.trim()) ? Number.NaN : number(text, row + 1, head[column] ?? '');
      forecasts[row * kept.length + place] = value;
    }
  }
  return { experts: kept.map((column) => head[column] ?? ''), forecasts, target };
}

/** `conclave aggregate` */
export function aggregateCommand(): Command {
  return new Command('aggregate')
    .description('Combines real-valued forecasts online: every prediction is made before its target is seen.')
    .requiredOption('--in <file>', 'CSV file with a header: one column per expert, one the target')
    .requiredOption('--target <column>', 'name of the target')
    .option('--exclude <columns...>', 'columns that are no experts')
    .addOption(
      new Option('--method <method>', 'how to combine').choices([...AGGREGATION_METHODS]).default('auto'),
    )
    .option('--json', 'print one JSON object, with all predictions')
    .action((options: AggregateOptions) => {
      const { experts, forecasts, target } = readForecasts(options);
      const { predictions, weights } = aggregateForecasts(forecasts, target, experts.length, options.method);
      let squares = 0;
      let shares = 0;
      for (const [row, truth] of target.entries()) {
        const error = (predictions[row] ?? 0) - truth;
        squares += error * error;
        shares += Math.abs(error / truth);
      }
      const names = options.method === 'auto' ? AGGREGATION_METHODS.slice(0, -1) : experts;
      const weighed = names.map((expert, index) => ({ expert, weight: weights[index] ?? 0 }));
      const rmse = Math.sqrt(squares / target.length);
      const mape = (100 * shares) / target.length;
      if (options.json === true) {
        const report = { method: options.method, rows: target.length, experts: experts.length, rmse, mape };
        process.stdout.write(
          `${JSON.stringify({ ...report, weights: weighed, predictions: [...predictions] })}\n`,
        );
        return;
      }
      const heaviest = [...weighed].sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight));
      const shown = heaviest.slice(0, SHOWN_WEIGHTS).map((one) => [one.expert, one.weight.toFixed(4)]);
      process.stdout.write(
        `${options.method}: ${target.length} rows, ${experts.length} experts, RMSE ${rmse.toFixed(3)}, ` +
          `MAPE ${mape.toFixed(4)} %\n${table(['weight after the last row', ''], shown)}\n`,
      );
    });
}

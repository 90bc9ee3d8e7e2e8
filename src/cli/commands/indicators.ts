import { writeFileSync } from 'node:fs';
import { Command } from 'commander';
import {
  bundle,
  bundleColumns,
  bundleInputs,
  type IndicatorInfo,
  listIndicators,
} from '../../fastcalc/index.js';
import { ServiceError } from '../../runtime/index.js';
import { readCandles } from '../indicators/read-candles.js';
import { formatColumns } from '../indicators/write-columns.js';

/** `conclave indicators` */
export function indicatorsCommand(): Command {
  return new Command('indicators')
    .description('Computes indicators of a CSV file of candles.')
    .option(
      '--input <file>',
      'CSV with a header: open, high, low, close, volume, and a time column if any; .gz too',
    )
    .option('--spec <list>', "indicators, e.g. 'rsi(14),macd(12,26,9),sma(20,real=high)'")
    .option('--output <file>', 'where to write the CSV (default: standard output)')
    .action((options: { input?: string; spec?: string; output?: string }, command: Command) => {
      const { input, spec, output } = options;
      if (input === undefined) command.error("error: required option '--input <file>' not specified");
      if (spec === undefined) command.error("error: required option '--spec <list>' not specified");
      compute(input, spec, output);
    })
    .addCommand(
      new Command('list')
        .description('Shows all indicators: parameters with defaults, outputs, warm-up, formula.')
        .option('--json', 'print one JSON array')
        .action((options: { json?: boolean }) => {
          const all = listIndicators();
          process.stdout.write(
            options.json === true ? `${JSON.stringify(all)}\n` : `${all.map(describe).join('\n')}\n`,
          );
        }),
    );
}

function compute(input: string, spec: string, output: string | undefined): void {
  const headings = bundleColumns(spec).map((column) => column.heading);
  const file = readCandles(input, bundleInputs(spec));
  const text = formatColumns(file.time, headings, bundle(file.candles, spec));
  if (output === undefined) {
    process.stdout.write(text);
    return;
  }
  try {
    writeFileSync(output, text);
  } catch (cause) {
    throw new ServiceError('FAILED_PRECONDITION', `cannot write ${output}: ${String(cause)}`, { cause });
  }
}

/** `rsi(period=14, smoothing=wilder|simple) [momentum; 14 rows]: …` */
function describe(info: IndicatorInfo): string {
  const parameters = info.parameters.map(({ name, default: value, choices }) =>
    choices.length === 0 ? `${name}=${value}` : `${name}=${defaultFirst(choices, value).join('|')}`,
  );
  const outputs = info.outputs.length === 1 ? '' : ` -> ${info.outputs.join(', ')}`;
  const call = parameters.length === 0 ? info.name : `${info.name}(${parameters.join(', ')})`;
  return `${call}${outputs} [${info.group}; ${info.inputs.join(', ')}; ${info.lookback} rows]\n    ${info.about}`;
}

function defaultFirst(choices: readonly string[], place: number): readonly string[] {
  return [...choices.slice(place, place + 1), ...choices.filter((_, at) => at !== place)];
}

import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { verifyJournal } from '../../ml-service/index.js';
import { ServiceError } from '../../runtime/index.js';
import { runStrategy, startService } from '../demo/processes.js';
import { asJson, asText, type DemoReport, type StrategyReport } from '../demo/report.js';
import { EXIT } from '../exit.js';
import { DATA_DIR_FLAG } from '../open-journal.js';
import { Progress } from '../progress.js';

interface DemoOptions {
  readonly candles?: string;
  readonly sim?: boolean;
  readonly bars?: number;
  readonly seed: number;
  readonly dataDir?: string;
  readonly json?: boolean;
}

const DEFAULT_DATA_DIR = join('.conclave', 'demo');
/** Only a folder that holds it is ever emptied. */
const MARKER = 'made-by-conclave-demo';

function integer(least: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!Number.isSafeInteger(value) || value < least)
      throw new InvalidArgumentError(`must be an integer of at least ${least}`);
    return value;
  };
}

/** A folder of one's own choice goes on where it was; the default one starts afresh. */
function prepareDataDir(chosen: string | undefined): string {
  const dataDir = resolve(chosen ?? DEFAULT_DATA_DIR);
  if (chosen !== undefined) return dataDir;
  const marker = join(dataDir, MARKER);
  if (existsSync(dataDir)) {
    if (!existsSync(marker)) {
      throw new ServiceError(
        'FAILED_PRECONDITION',
        `${dataDir} was not made by this demo; name another with --data-dir`,
      );
    }
    rmSync(dataDir, { recursive: true });
  }
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  writeFileSync(marker, '');
  return dataDir;
}

async function runDemo(options: DemoOptions): Promise<DemoReport> {
  const dataDir = prepareDataDir(options.dataDir);
  const service = await startService(dataDir, options.seed);
  const progress = new Progress('trading on paper');
  let strategy: StrategyReport;
  try {
    const args = ['--endpoint', service.requestEndpoint, '--seed', String(options.seed)];
    if (options.candles !== undefined) args.push('--candles', resolve(options.candles));
    if (options.sim === true) args.push('--sim');
    if (options.bars !== undefined) args.push('--bars', String(options.bars));
    const said = await runStrategy(args, (done, total) => progress.update(done, total));
    strategy = said as unknown as StrategyReport;
    await service.stop();
  } finally {
    progress.end();
    service.kill();
  }
  const { records, problems } = verifyJournal(dataDir);
  return {
    ...strategy,
    journal: { records, verified: problems.length === 0 },
    dataDir: relative(process.cwd(), dataDir) || '.',
  };
}

/** `conclave demo` */
export function demoCommand(): Command {
  return new Command('demo')
    .description(
      'Starts the service and a strategy as processes of their own, trades on paper, shows what was learned.',
    )
    .option('--candles <file>', 'candle file, CSV or CSV.gz (default: the S&P 500 by day)')
    .option('--sim', 'a simulated market with order book and trades')
    .option('--bars <n>', 'bars at most, the latest ones (default: 6000)', integer(1))
    .option('--seed <s>', 'seed of everything random', integer(0), 1)
    .option(
      DATA_DIR_FLAG,
      `folder of the journal, continued if it exists (default: ${DEFAULT_DATA_DIR}, started afresh)`,
    )
    .option('--json', 'print one JSON object')
    .action(async (options: DemoOptions) => {
      if (options.sim === true && options.candles !== undefined) {
        throw new ServiceError('INVALID_ARGUMENT', '--sim and --candles exclude each other', {
          field: 'sim',
        });
      }
      const report = await runDemo(options);
      process.stdout.write(options.json === true ? `${JSON.stringify(asJson(report))}\n` : asText(report));
      if (!report.journal.verified) process.exitCode = EXIT.damagedJournal;
    });
}

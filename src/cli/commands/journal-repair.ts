import { resolve } from 'node:path';
import { Command } from 'commander';
import { type RepairReport, repairJournal } from '../../ml-service/index.js';
import { SystemClock } from '../../runtime/index.js';
import { EXIT } from '../exit.js';
import { DATA_DIR_FLAG, DATA_DIR_HELP, DEFAULT_DATA_DIR } from '../open-journal.js';
import { Progress } from '../progress.js';

function inWords({ whole, keptSeq, writtenSeq, problem, setAside }: RepairReport, apply: boolean): string {
  if (whole) return `whole: ${keptSeq} records, nothing to repair\n`;
  const lost = writtenSeq - keptSeq;
  return [
    `${problem}`,
    `${apply ? 'kept' : 'would keep'} records 1 to ${keptSeq}; ${apply ? 'gave up' : 'would give up'} ${lost} after them`,
    setAside === undefined
      ? 'nothing was changed; run again with --apply to do it'
      : `the damaged files are in ${setAside}, what could be read of the rest in after-the-damage.ndjson there`,
    '',
  ].join('\n');
}

/** `conclave journal repair` */
export function repairCommand(): Command {
  return new Command('repair')
    .description('Keeps the unbroken chain of a damaged journal and sets the damaged files aside.')
    .option(DATA_DIR_FLAG, DATA_DIR_HELP, DEFAULT_DATA_DIR)
    .option('--apply', 'do it; without, only say what would be kept and given up')
    .option('--json', 'print one JSON object')
    .action((options: { dataDir: string; apply?: boolean; json?: boolean }) => {
      const apply = options.apply === true;
      const progress = new Progress('reading');
      const report = repairJournal(resolve(options.dataDir), {
        nowMs: new SystemClock().nowMs(),
        apply,
        onProgress: (records) => progress.update(records, 0),
      });
      progress.end();
      process.stdout.write(options.json === true ? `${JSON.stringify(report)}\n` : inWords(report, apply));
      if (!report.whole && !apply) process.exitCode = EXIT.damagedJournal;
    });
}

import { resolve } from 'node:path';
import { Command } from 'commander';
import { verifyJournal } from '../../ml-service/index.js';
import { EXIT } from '../exit.js';
import { DATA_DIR_FLAG, DATA_DIR_HELP, DEFAULT_DATA_DIR } from '../open-journal.js';
import { Progress } from '../progress.js';
import { exportCommand } from './journal-export.js';
import { repairCommand } from './journal-repair.js';

/** Problems printed one by one; more of them say nothing new. */
const SHOWN_PROBLEMS = 50;

function verifyCommand(): Command {
  return new Command('verify')
    .description('Checks every record against its checksum and its place in the chain.')
    .option(DATA_DIR_FLAG, DATA_DIR_HELP, DEFAULT_DATA_DIR)
    .option('--json', 'print one JSON object')
    .action(async (options: { dataDir: string; json?: boolean }) => {
      const progress = new Progress('verifying');
      const report = verifyJournal(resolve(options.dataDir), {
        onProgress: ({ records }) => progress.update(records, 0),
      });
      progress.end();
      const verified = report.problems.length === 0;
      if (options.json === true) {
        process.stdout.write(`${JSON.stringify({ verified, ...report })}\n`);
      } else {
        process.stdout.write(`${report.records} records, head ${report.headHash}\n`);
        for (const { seq, kind, message } of report.problems.slice(0, SHOWN_PROBLEMS)) {
          process.stdout.write(`record ${seq}: ${kind}: ${message}\n`);
        }
        const more = report.problems.length - SHOWN_PROBLEMS;
        if (more > 0) process.stdout.write(`and ${more} more problems\n`);
        process.stdout.write(verified ? 'verified\n' : `DAMAGED: ${report.problems.length} problems\n`);
      }
      if (!verified) process.exitCode = EXIT.damagedJournal;
    });
}

/** `conclave journal …` */
export function journalCommand(): Command {
  return new Command('journal')
    .description('Looks after the journal.')
    .addCommand(verifyCommand())
    .addCommand(exportCommand())
    .addCommand(repairCommand());
}

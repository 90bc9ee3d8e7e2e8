import { Command, InvalidArgumentError } from 'commander';
import { replay } from '../../ml-service/index.js';
import { EXIT } from '../exit.js';
import { DATA_DIR_FLAG, DATA_DIR_HELP, DEFAULT_DATA_DIR, withJournal } from '../open-journal.js';
import { Progress } from '../progress.js';

const SHOWN_DIFFERENCES = 20;

function sequence(text: string): number {
  const seq = Number(text);
  if (!Number.isSafeInteger(seq) || seq < 1)
    throw new InvalidArgumentError('must be an integer of at least 1');
  return seq;
}

/** `conclave replay` */
export function replayCommand(): Command {
  return new Command('replay')
    .description('Rebuilds the state from the journal, makes every decision again, and compares bit for bit.')
    .option(DATA_DIR_FLAG, DATA_DIR_HELP, DEFAULT_DATA_DIR)
    .option('--until <seq>', 'stop after this record', sequence)
    .option('--json', 'print one JSON object')
    .action(async (options: { dataDir: string; until?: number; json?: boolean }) => {
      const progress = new Progress('replaying');
      const report = await withJournal(options.dataDir, (journal) =>
        replay(journal, {
          ...(options.until === undefined ? {} : { untilSeq: options.until }),
          onProgress: (seq) => {
            if (seq % 256 === 0) progress.update(seq, options.until ?? journal.lastSeq);
          },
        }),
      );
      progress.end();
      const identical = report.differences.length === 0;
      if (options.json === true) {
        process.stdout.write(`${JSON.stringify({ identical, ...report })}\n`);
      } else {
        process.stdout.write(
          `${report.records} records replayed: ${report.decisions} decisions, ${report.outcomes} outcomes\n` +
            `state ${report.stateHash}\n` +
            (report.skipped > 0
              ? `${report.skipped} decisions of an earlier policy version were not made again\n`
              : ''),
        );
        for (const { seq, kind, message } of report.differences.slice(0, SHOWN_DIFFERENCES)) {
          process.stdout.write(`record ${seq} (${kind}): ${message}\n`);
        }
        process.stdout.write(
          identical ? 'identical, bit for bit\n' : `DIFFERENT in ${report.differences.length} records\n`,
        );
      }
      if (!identical) process.exitCode = EXIT.damagedJournal;
    });
}

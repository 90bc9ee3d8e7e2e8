import { Command } from 'commander';
import { comparePolicy, type PolicyDifference, replay } from '../../ml-service/index.js';
import { EXIT } from '../exit.js';
import { DATA_DIR_FLAG, DATA_DIR_HELP, DEFAULT_DATA_DIR, withJournal } from '../open-journal.js';
import { readPolicyFile } from '../policy-file.js';
import { Progress } from '../progress.js';
import { wholeNumber } from '../whole-number.js';

const SHOWN_DIFFERENCES = 20;

interface ReplayOptions {
  readonly dataDir: string;
  readonly until?: number;
  readonly policy?: string;
  readonly json?: boolean;
}

async function replayAsLogged(options: ReplayOptions): Promise<void> {
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
}

function differenceInWords({ seq, decisionId, symbol, was, would }: PolicyDifference): string {
  return (
    `record ${seq} ${decisionId} ${symbol}: ${was.action} ${was.size.toFixed(3)} -> ` +
    `${would.action} ${would.size.toFixed(3)}\n`
  );
}

/** One line a decision that differs, then the sum of it; with `--json` all of it lines of JSON. */
async function replayWithPolicy(options: ReplayOptions, file: string): Promise<void> {
  const policy = readPolicyFile(file);
  const progress = new Progress('replaying');
  const comparison = await withJournal(options.dataDir, (journal) =>
    comparePolicy(
      journal,
      policy,
      (difference) => {
        process.stdout.write(
          options.json === true ? `${JSON.stringify(difference)}\n` : differenceInWords(difference),
        );
      },
      {
        ...(options.until === undefined ? {} : { untilSeq: options.until }),
        onProgress: (seq) => {
          if (seq % 256 === 0) progress.update(seq, options.until ?? journal.lastSeq);
        },
      },
    ),
  );
  progress.end();
  const { decisions, otherAction, otherSize, stateHash, policyVersion } = comparison;
  process.stdout.write(
    options.json === true
      ? `${JSON.stringify(comparison)}\n`
      : `${decisions} decisions made again: ${otherAction} with another action, ${otherSize} at another size\n` +
          `policy ${policyVersion}, state ${stateHash}\n`,
  );
}

/** `conclave replay` */
export function replayCommand(): Command {
  return new Command('replay')
    .description('Rebuilds the state from the journal, makes every decision again, and compares bit for bit.')
    .option(DATA_DIR_FLAG, DATA_DIR_HELP, DEFAULT_DATA_DIR)
    .option('--until <seq>', 'stop after this record', wholeNumber(1))
    .option('--policy <file>', 'decide with this policy instead, and print the decisions that differ')
    .option('--json', 'print JSON: one object, or with --policy one line a difference and one at the end')
    .action(async (options: ReplayOptions) => {
      if (options.policy === undefined) await replayAsLogged(options);
      else await replayWithPolicy(options, options.policy);
    });
}

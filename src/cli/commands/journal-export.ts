import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { Command } from 'commander';
import { exportLine } from '../../ml-service/index.js';
import { ServiceError } from '../../runtime/index.js';
import { DATA_DIR_FLAG, DATA_DIR_HELP, DEFAULT_DATA_DIR, withJournal } from '../open-journal.js';
import { Progress } from '../progress.js';
import { wholeNumber } from '../whole-number.js';

interface ExportOptions {
  readonly dataDir: string;
  readonly from?: number;
  readonly until?: number;
  readonly kind?: string[];
  readonly out: string;
}

async function exportAll(options: ExportOptions): Promise<void> {
  const toFile = options.out !== '-';
  const output = toFile ? createWriteStream(options.out, { mode: 0o600 }) : process.stdout;
  const written = toFile
    ? finished(output).catch((cause: Error) => {
        throw new ServiceError('FAILED_PRECONDITION', `${options.out}: ${cause.message}`, {
          field: 'out',
          cause,
        });
      })
    : Promise.resolve();
  const progress = new Progress('exporting');
  const copy = withJournal(options.dataDir, async (journal) => {
    const range = {
      ...(options.from === undefined ? {} : { fromSeq: options.from }),
      ...(options.until === undefined ? {} : { toSeq: options.until }),
      ...(options.kind === undefined ? {} : { kinds: options.kind }),
    };
    for (const record of journal.read(range)) {
      if (!output.write(`${JSON.stringify(exportLine(record))}\n`)) await once(output, 'drain');
      if (record.seq % 256 === 0) progress.update(record.seq, options.until ?? journal.lastSeq);
    }
    if (toFile) output.end();
  });
  await Promise.all([copy, written]).finally(() => progress.end());
}

/** `conclave journal export` */
export function exportCommand(): Command {
  return new Command('export')
    .description('Writes the records as lines of JSON: columns as arrays, bytes as Base64.')
    .option(DATA_DIR_FLAG, DATA_DIR_HELP, DEFAULT_DATA_DIR)
    .option('--from <seq>', 'first record', wholeNumber(1))
    .option('--until <seq>', 'last record', wholeNumber(1))
    .option('--kind <kind...>', 'only records of these kinds')
    .option('--out <file>', 'where the lines go; - for stdout', '-')
    .action(exportAll);
}

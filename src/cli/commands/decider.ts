import { createReadStream, createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { finished } from 'node:stream/promises';
import { Command } from 'commander';
import { policySettings } from '../../ml-service/index.js';
import { ServiceError } from '../../runtime/index.js';
import { DeciderRun, type RunPolicy } from '../decider/run.js';
import { EXIT } from '../exit.js';
import { readPolicyFile } from '../policy-file.js';
import { wholeNumber } from '../whole-number.js';

/** Refused lines named one by one; more of them say nothing new. */
const SHOWN_REFUSED = 20;

interface RunOptions {
  readonly in: string;
  readonly out: string;
  readonly policy?: string;
  readonly seed?: number;
}

/** The file's settings; `--seed` says otherwise where it is given. */
function policyOf({ policy, seed }: RunOptions): RunPolicy {
  const settings = policy === undefined ? policySettings({ version: 1 }) : readPolicyFile(policy);
  return { ...settings, seed: seed ?? settings.seed };
}

async function decideAll(options: RunOptions): Promise<void> {
  const run = new DeciderRun(policyOf(options));
  const input = options.in === '-' ? process.stdin : createReadStream(options.in);
  const output = options.out === '-' ? process.stdout : createWriteStream(options.out);
  const failed = (cause: Error): never => {
    throw new ServiceError('INVALID_ARGUMENT', cause.message, { cause });
  };
  const read = async (): Promise<void> => {
    for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
      const answer = run.take(line);
      if (answer !== undefined && !output.write(`${answer}\n`)) {
        await new Promise<void>((resolve) => output.once('drain', resolve));
      }
    }
    if (options.out !== '-') output.end();
  };
  const written = options.out === '-' ? Promise.resolve() : finished(output);
  await Promise.all([read(), written]).catch(failed);
  for (const { line, error } of run.refused.slice(0, SHOWN_REFUSED)) {
    process.stderr.write(`line ${line}: ${error.code} ${error.message}\n`);
  }
  process.stderr.write(
    `${run.decisions} decisions, ${run.decider.outcomes} outcomes learned, ${run.refused.length} lines refused, ` +
      `state ${run.decider.stateHash()}\n`,
  );
  if (run.refused.length > 0) process.exitCode = EXIT.badUsage;
}

/** `conclave decider …` */
export function deciderCommand(): Command {
  const run = new Command('run')
    .description('Decides a stream of votes and learns from its outcomes, line by line.')
    .requiredOption('--in <file>', 'decisions and outcomes as lines of JSON; - for stdin')
    .requiredOption('--out <file>', 'where the decisions go; - for stdout')
    .option('--policy <file>', 'JSON: version 1, decider, explorationRate, roundTripBps, seed')
    .option('--seed <s>', 'seed of the exploration (default 1)', wholeNumber(0))
    .action(decideAll);
  return new Command('decider').description('The learning decider alone, without a service.').addCommand(run);
}

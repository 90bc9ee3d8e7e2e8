import { createReadStream, createWriteStream, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { finished } from 'node:stream/promises';
import { Command, InvalidArgumentError } from 'commander';
import type { DeciderConfig } from '../../fastcalc/index.js';
import { invalidArgument, ServiceError } from '../../runtime/index.js';
import { DeciderRun, type RunPolicy } from '../decider/run.js';
import { EXIT } from '../exit.js';

/** Refused lines named one by one; more of them say nothing new. */
const SHOWN_REFUSED = 20;

interface RunOptions {
  readonly in: string;
  readonly out: string;
  readonly policy?: string;
  readonly seed: number;
}

function integer(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 0)
    throw new InvalidArgumentError('must be an integer of at least 0');
  return value;
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw new ServiceError('INVALID_ARGUMENT', `cannot read policy ${path}: ${(cause as Error).message}`, {
      field: 'policy',
      cause,
    });
  }
}

/** A file `{"version": 1, "decider"?: {…}, "explorationRate"?: 0, "roundTripBps"?: 0}`. */
function readPolicy(path: string | undefined, seed: number): RunPolicy {
  const policy = path === undefined ? { version: 1 } : readJson(path);
  if (typeof policy !== 'object' || policy === null || Array.isArray(policy))
    throw invalidArgument('policy', policy, 'an object');
  const { version, decider = {}, explorationRate = 0, roundTripBps = 0, ...rest } = policy as RunPolicyFile;
  if (version !== 1) throw invalidArgument('policy.version', version, '1');
  const [unknown] = Object.keys(rest);
  if (unknown !== undefined)
    throw invalidArgument(`policy.${unknown}`, 'unknown', 'decider, explorationRate, roundTripBps');
  for (const [name, value] of Object.entries({ explorationRate, roundTripBps })) {
    if (typeof value !== 'number' || !(value >= 0))
      throw invalidArgument(`policy.${name}`, value, 'a number of at least 0');
  }
  if (explorationRate > 1) throw invalidArgument('policy.explorationRate', explorationRate, '0 to 1');
  return { decider, explorationRate, roundTripBps, seed };
}

interface RunPolicyFile {
  readonly version?: number;
  readonly decider?: Partial<DeciderConfig>;
  readonly explorationRate?: number;
  readonly roundTripBps?: number;
}

async function decideAll(options: RunOptions): Promise<void> {
  const run = new DeciderRun(readPolicy(options.policy, options.seed));
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
    .option('--policy <file>', 'JSON: version 1, decider, explorationRate, roundTripBps')
    .option('--seed <s>', 'seed of the exploration', integer, 1)
    .action(decideAll);
  return new Command('decider').description('The learning decider alone, without a service.').addCommand(run);
}

#!/usr/bin/env node
import { Command, CommanderError } from 'commander';
import { VERSION } from '../ml-service/index.js';
import { ServiceError } from '../runtime/index.js';
import { aggregateCommand } from './commands/aggregate.js';
import { benchCommand } from './commands/bench.js';
import { callCommand } from './commands/call.js';
import { creditCommand } from './commands/credit.js';
import { deciderCommand } from './commands/decider.js';
import { demoCommand } from './commands/demo.js';
import { describeCommand } from './commands/describe.js';
import { evaluateCommand } from './commands/evaluate.js';
import { explainCommand } from './commands/explain.js';
import { indicatorsCommand } from './commands/indicators.js';
import { journalCommand } from './commands/journal.js';
import { keysCommand } from './commands/keys.js';
import { pingCommand } from './commands/ping.js';
import { replayCommand } from './commands/replay.js';
import { statsCommand } from './commands/stats.js';
import { topCommand } from './commands/top.js';
import { watchCommand } from './commands/watch.js';
import { EXIT, exitCodeOf } from './exit.js';

const program = new Command('conclave')
  .description('A committee of market experts with a learning decider.')
  .version(VERSION)
  .addCommand(demoCommand())
  .addCommand(journalCommand())
  .addCommand(replayCommand())
  .addCommand(explainCommand())
  .addCommand(creditCommand())
  .addCommand(evaluateCommand())
  .addCommand(pingCommand())
  .addCommand(describeCommand())
  .addCommand(statsCommand())
  .addCommand(callCommand())
  .addCommand(topCommand())
  .addCommand(watchCommand())
  .addCommand(keysCommand())
  .addCommand(indicatorsCommand())
  .addCommand(deciderCommand())
  .addCommand(aggregateCommand())
  .addCommand(benchCommand());

/** Subcommands keep settings of their own: every one must throw rather than end the process. */
function strict(command: Command): void {
  command.exitOverride().showHelpAfterError();
  for (const sub of command.commands) strict(sub);
}
strict(program);

async function run(): Promise<number> {
  try {
    await program.parseAsync(process.argv);
    return Number(process.exitCode ?? EXIT.ok);
  } catch (thrown) {
    if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? EXIT.ok : EXIT.badUsage;
    const error = ServiceError.from(thrown);
    const shown =
      error.code === 'INTERNAL' && error.cause instanceof Error ? error.cause.stack : error.message;
    process.stderr.write(`conclave: ${error.code}: ${shown ?? error.message}\n`);
    return exitCodeOf(error);
  }
}

process.exitCode = await run();

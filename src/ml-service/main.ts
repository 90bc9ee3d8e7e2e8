#!/usr/bin/env node
import {
  ConfigError,
  createLogger,
  helpText,
  type Logger,
  loadConfig,
  ServiceError,
  SystemClock,
  secretValues,
  wantsHelp,
} from '../runtime/index.js';
import { CommitteeService, keysOf } from './committee-service.js';
import { ML_SERVICE_CONFIG } from './config.js';

const EXIT = { drained: 0, failed: 1, badConfiguration: 2, damagedJournal: 3 } as const;

/** What an operator can mend before the next start, as opposed to a fault while running. */
function exitCodeOf(error: ServiceError): number {
  if (error instanceof ConfigError || error.code === 'INVALID_ARGUMENT') return EXIT.badConfiguration;
  if (error.code === 'DATA_LOSS') return EXIT.damagedJournal;
  return error.field === undefined ? EXIT.failed : EXIT.badConfiguration;
}

/** Resolves with the first of the signals that end a service; further ones change nothing. */
function endingSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => resolve(signal));
  });
}

/** What no log line may show of a key. */
function secretKeys(keys: { readonly secretKey: string } | undefined): readonly string[] {
  return keys === undefined ? [] : [keys.secretKey];
}

async function serve(): Promise<number> {
  const loaded = loadConfig(ML_SERVICE_CONFIG, {
    argv: process.argv.slice(2),
    env: process.env,
    cwd: process.cwd(),
  });
  const config = loaded.values;
  const logger: Logger = createLogger({
    level: config.log.level,
    name: 'ml-service',
    secrets: [...secretValues(loaded), ...secretKeys(keysOf(config))],
  });
  // Asked for before anything is opened, so that a signal during the start ends it properly too.
  const signal = endingSignal();
  const service = await CommitteeService.open({ config, clock: new SystemClock(), logger });
  process.on('SIGHUP', () => service.host.reloadKeys());
  const endpoints = await service.listen();
  process.stdout.write(`${JSON.stringify({ ready: true, endpoints, pid: process.pid })}\n`);
  const reason = await Promise.race([signal, service.host.drained]);
  logger.info({ reason }, 'draining');
  await service.close(reason);
  logger.info('drained');
  return EXIT.drained;
}

async function main(): Promise<number> {
  if (wantsHelp(process.argv.slice(2))) {
    process.stdout.write(
      helpText(ML_SERVICE_CONFIG, {
        usage: 'node dist/ml-service/main.js [options]',
        description: 'The committee of experts and its learning decider, on a ZeroMQ host.',
      }),
    );
    return EXIT.drained;
  }
  try {
    return await serve();
  } catch (thrown) {
    const error = ServiceError.from(thrown, 'INTERNAL');
    const shown =
      error.code === 'INTERNAL' && error.cause instanceof Error ? error.cause.stack : error.message;
    process.stderr.write(`ml-service: ${shown ?? error.message}\n`);
    return exitCodeOf(error);
  }
}

process.exitCode = await main();

import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { Command } from 'commander';
import { ServiceError } from '../../runtime/index.js';
import type { BaseClient } from '../../service-framework/index.js';
import {
  json,
  type RemoteOptions,
  readableJson,
  stopSignal,
  withClient,
  withRemoteOptions,
} from '../remote.js';

/** The time of a stream whose user has set none, ms: the most that a host allows by default. */
const STREAM_MS = 3_600_000;

interface CallOptions extends RemoteOptions {
  readonly key?: string;
}

/** `conclave call <command> [json]` */
export function callCommand(): Command {
  return withRemoteOptions(
    new Command('call')
      .description(
        'Calls any command of a running service and prints its reply, item by item where it streams.',
      )
      .argument('<command>', 'e.g. rl.status; `conclave describe` lists them')
      .argument('[json]', 'the payload; - reads it from stdin'),
  )
    .option('--key <key>', 'idempotency key: the same call with the same key has its effect once')
    .action((name: string, payload: string | undefined, options: CallOptions, command: Command) =>
      // JSON on the wire as well: what the user wrote is what is sent.
      withClient({ ...options, codec: 'json' }, async (client) => {
        const body = await payloadOf(payload);
        const print = options.json === true ? json : readableJson;
        try {
          const reply = await client.call(name, body, { key: options.key });
          if (reply !== undefined) process.stdout.write(`${print(reply)}\n`);
        } catch (thrown) {
          if (!streams(thrown)) throw thrown;
          const unset = command.getOptionValueSource('timeoutMs') === 'default';
          await printItems(client, name, body, print, unset ? STREAM_MS : options.timeoutMs);
        }
      }),
    );
}

/** Whether the host has refused, before any work, to answer in one piece. */
function streams(thrown: unknown): boolean {
  return thrown instanceof ServiceError && thrown.code === 'INVALID_ARGUMENT' && thrown.field === 'stream';
}

/** Items go to stdout, one after the other, for pipes; the reply that ends them, if it says anything, to stderr. */
async function printItems(
  client: BaseClient,
  command: string,
  body: unknown,
  print: (value: unknown) => string,
  timeoutMs: number,
): Promise<void> {
  const stop = stopSignal();
  const stream = client.stream(command, body, { timeoutMs, signal: stop });
  try {
    for await (const item of stream)
      if (!process.stdout.write(`${print(item)}\n`))
        await Promise.race([once(process.stdout, 'drain'), once(stop, 'abort')]);
    const end = await stream.result;
    if (end !== undefined) process.stderr.write(`${print(end)}\n`);
  } catch (thrown) {
    if (!stop.aborted) throw thrown;
  }
}

async function payloadOf(argument: string | undefined): Promise<unknown> {
  if (argument === undefined) return undefined;
  const source = argument === '-' ? await text(process.stdin) : argument;
  try {
    return JSON.parse(source);
  } catch (cause) {
    const place = argument === '-' ? 'stdin' : 'the payload';
    throw new ServiceError('INVALID_ARGUMENT', `${place} is no JSON: ${(cause as Error).message}`, {
      field: 'json',
      cause,
    });
  }
}

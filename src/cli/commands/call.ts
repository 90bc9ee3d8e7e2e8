import { text } from 'node:stream/consumers';
import { Command } from 'commander';
import { ServiceError } from '../../runtime/index.js';
import { json, type RemoteOptions, readableJson, withClient, withRemoteOptions } from '../remote.js';

interface CallOptions extends RemoteOptions {
  readonly key?: string;
}

/** `conclave call <command> [json]` */
export function callCommand(): Command {
  return withRemoteOptions(
    new Command('call')
      .description('Calls any command of a running service and prints its reply.')
      .argument('<command>', 'e.g. rl.status; `conclave describe` lists them')
      .argument('[json]', 'the payload; - reads it from stdin'),
  )
    .option('--key <key>', 'idempotency key: the same call with the same key has its effect once')
    .action((command: string, payload: string | undefined, options: CallOptions) =>
      // JSON on the wire as well: what the user wrote is what is sent.
      withClient({ ...options, codec: 'json' }, async (client) => {
        const body = await payloadOf(payload);
        const reply = await client.call(command, body, { key: options.key });
        if (reply === undefined) return;
        process.stdout.write(`${options.json === true ? json(reply) : readableJson(reply)}\n`);
      }),
    );
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

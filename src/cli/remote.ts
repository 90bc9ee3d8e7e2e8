import { type Command, InvalidArgumentError, Option } from 'commander';
import { ServiceError } from '../runtime/index.js';
import {
  BaseClient,
  type ClientCurveOptions,
  type CodecName,
  encodeBody,
  publicKeyFrom,
  readKeyFile,
  toErrorBody,
} from '../service-framework/index.js';
import { exitCodeOf } from './exit.js';

export const DEFAULT_ENDPOINT = 'tcp://127.0.0.1:7400';

/** What every command that talks to a running service takes. */
export interface RemoteOptions {
  readonly endpoint: string;
  /** ms for one call, retries included. */
  readonly timeoutMs: number;
  readonly json?: boolean;
  /** CURVE: the service's public key, or a `.pub` file. */
  readonly serverKey?: string;
  /** CURVE: the caller's own `.key` file. */
  readonly keyFile?: string;
}

/** Adds the flags of {@link RemoteOptions}. */
export function withRemoteOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--endpoint <endpoint>', 'request endpoint of the service')
        .env('CONCLAVE_ENDPOINT')
        .default(DEFAULT_ENDPOINT),
    )
    .addOption(
      new Option('--server-key <key>', "CURVE: the service's public key, or its .pub file").env(
        'CONCLAVE_SERVER_KEY',
      ),
    )
    .addOption(
      new Option('--key-file <file>', 'CURVE: your own .key file, of conclave keys new').env(
        'CONCLAVE_KEY_FILE',
      ),
    )
    .option('--timeout-ms <ms>', 'longest wait for an answer', atLeast(1), 5_000)
    .option('--json', 'print JSON');
}

/** Parser of an integer argument. */
export function atLeast(least: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === '' || !Number.isSafeInteger(value) || value < least)
      throw new InvalidArgumentError(`must be an integer of at least ${least}`);
    return value;
  };
}

/**
 * Runs `act`. With `--json` an error is one line of JSON on stderr (the protocol's error body), so that programs need
 * not read words; the exit code is the same either way.
 */
export async function saying(
  { json: asJson }: { readonly json?: boolean },
  act: () => Promise<void> | void,
): Promise<void> {
  try {
    await act();
  } catch (thrown) {
    if (asJson !== true || !(thrown instanceof ServiceError)) throw thrown;
    process.stderr.write(`${json({ error: toErrorBody(thrown) })}\n`);
    process.exitCode = exitCodeOf(thrown);
  }
}

/** Connects, runs `use`, closes; errors as {@link saying} says them. */
export function withClient(
  options: RemoteOptions & { readonly events?: string; readonly codec?: CodecName },
  use: (client: BaseClient) => Promise<void>,
): Promise<void> {
  const { endpoint, events, timeoutMs, codec } = options;
  return saying(options, async () => {
    const client = new BaseClient({
      endpoint,
      timeoutMs,
      curve: curveOf(options),
      ...(events === undefined ? {} : { events }),
      ...(codec === undefined ? {} : { codec }),
    });
    try {
      await use(client);
    } finally {
      await client.close();
    }
  });
}

/** @throws ServiceError where one of the two keys is missing or may not be used as it is */
function curveOf({ serverKey, keyFile }: RemoteOptions): ClientCurveOptions | undefined {
  if (serverKey === undefined && keyFile === undefined) return undefined;
  if (serverKey === undefined || keyFile === undefined)
    throw new ServiceError('INVALID_ARGUMENT', '--server-key and --key-file: both, or neither', {
      field: serverKey === undefined ? 'serverKey' : 'keyFile',
    });
  const { publicKey, secretKey } = readKeyFile(keyFile);
  return { publicKey, secretKey, serverKey: publicKeyFrom(serverKey) };
}

/** One line of JSON; columns as arrays of numbers. */
export function json(value: unknown): string {
  return Buffer.from(encodeBody('json', value)).toString();
}

/** JSON for people: indented, but lists of numbers and words stay on one line. */
export function readableJson(value: unknown): string {
  const text = JSON.stringify(JSON.parse(json(value)), undefined, 2);
  return text.replace(/\[\n\s+([^[\]{}]*?)\n\s+\]/g, (_whole, items: string) => {
    return `[${items.replace(/,\n\s+/g, ', ')}]`;
  });
}

/** Aborts when the user has seen enough: Ctrl-C, SIGTERM, or the reader of our output went away. */
export function stopSignal(): AbortSignal {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
  process.stdout.on('error', () => stop.abort());
  return stop.signal;
}

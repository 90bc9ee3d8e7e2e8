import { Command } from 'commander';
import { ServiceError } from '../../runtime/index.js';
import type { HostDescription } from '../../service-framework/index.js';
import { json, type RemoteOptions, readableJson, withClient, withRemoteOptions } from '../remote.js';
import { table } from '../table.js';

/** `conclave describe [command]` */
export function describeCommand(): Command {
  return withRemoteOptions(
    new Command('describe')
      .description('What a running service can be asked; with a command, its schemas.')
      .argument('[command]', 'e.g. voting.predict'),
  ).action((name: string | undefined, options: RemoteOptions) =>
    withClient(options, async (client) => {
      const host = await client.call<HostDescription>('service.describe');
      const shown = name === undefined ? host : oneOf(host, name);
      if (options.json === true) process.stdout.write(`${json(shown)}\n`);
      else if (name !== undefined) process.stdout.write(`${readableJson(shown)}\n`);
      else process.stdout.write(asText(host));
    }),
  );
}

function oneOf(host: HostDescription, name: string): HostDescription['commands'][number] {
  const found = host.commands.find(({ command }) => command === name);
  if (found) return found;
  throw new ServiceError('NOT_FOUND', `${host.name} has no command ${JSON.stringify(name)}`, {
    field: 'command',
  });
}

function asText({ name, version, protocol, commands }: HostDescription): string {
  const rows = commands.map(({ command, key, roles, summary, stream }) => [
    command,
    key ?? '-',
    stream === undefined ? 'one' : 'stream',
    roles?.join(', ') ?? 'all',
    summary,
  ]);
  return [
    `${name} ${version}, protocol ${protocol}`,
    table(['command', 'key', 'reply', 'roles', 'what it does'], rows, 'left'),
    '',
  ].join('\n');
}

import { Command } from 'commander';
import type { HostStats } from '../../service-framework/index.js';
import { json, type RemoteOptions, withClient, withRemoteOptions } from '../remote.js';
import { statsText } from '../stats-table.js';

/** `conclave stats` */
export function statsCommand(): Command {
  return withRemoteOptions(
    new Command('stats').description('Counts, errors and latencies of a running service, by command.'),
  ).action((options: RemoteOptions) =>
    withClient(options, async (client) => {
      const stats = await client.call<HostStats>('service.stats');
      process.stdout.write(options.json === true ? `${json(stats)}\n` : statsText(stats));
    }),
  );
}

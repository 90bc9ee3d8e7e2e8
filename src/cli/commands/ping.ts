import { Command } from 'commander';
import { atLeast, json, type RemoteOptions, withClient, withRemoteOptions } from '../remote.js';

interface PingOptions extends RemoteOptions {
  readonly count: number;
}

/** `conclave ping` */
export function pingCommand(): Command {
  return withRemoteOptions(new Command('ping').description('Asks a running service for a sign of life.'))
    .option('--count <n>', 'how many times, one after the other', atLeast(1), 3)
    .action((options: PingOptions) =>
      withClient(options, async (client) => {
        const roundTripsMs: number[] = [];
        let hostTimeMs = 0;
        for (let i = 0; i < options.count; i++) {
          const pong = await client.ping();
          hostTimeMs = pong.timeMs;
          roundTripsMs.push(Number(pong.roundTripMs.toFixed(3)));
          if (options.json !== true)
            process.stdout.write(`${options.endpoint} answered in ${pong.roundTripMs.toFixed(2)} ms\n`);
        }
        if (options.json === true)
          process.stdout.write(`${json({ endpoint: options.endpoint, hostTimeMs, roundTripsMs })}\n`);
      }),
    );
}

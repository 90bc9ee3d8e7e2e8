import { Command } from 'commander';
import { SystemClock, sleep } from '../../runtime/index.js';
import type { HostStats } from '../../service-framework/index.js';
import { atLeast, json, type RemoteOptions, stopSignal, withClient, withRemoteOptions } from '../remote.js';
import { ratesBetween, topText } from '../stats-table.js';

interface TopOptions extends RemoteOptions {
  readonly intervalMs: number;
  readonly count?: number;
}

/** Cursor home, and away with what is below it: redrawn in place rather than flickering. */
const HOME = '\x1b[H\x1b[J';

/** `conclave top` */
export function topCommand(): Command {
  return withRemoteOptions(
    new Command('top').description('What a running service is doing, refreshed until Ctrl-C.'),
  )
    .option('--interval-ms <ms>', 'time between two readings', atLeast(50), 1_000)
    .option('--count <n>', 'end after this many readings', atLeast(1))
    .action((options: TopOptions) =>
      withClient(options, async (client) => {
        const clock = new SystemClock();
        const stop = stopSignal();
        let before: HostStats | undefined;
        for (let reading = 1; !stop.aborted; reading++) {
          const now = await client.call<HostStats>('service.stats');
          const commands = ratesBetween(before, now);
          if (options.json === true) process.stdout.write(`${json({ ...now, commands })}\n`);
          else process.stdout.write(`${process.stdout.isTTY ? HOME : ''}${topText(now, commands)}`);
          before = now;
          if (reading === options.count) return;
          // The pause rejects for one reason only: the user stops, and that ends the loop.
          await sleep(clock, options.intervalMs, stop).catch(() => undefined);
        }
      }),
    );
}

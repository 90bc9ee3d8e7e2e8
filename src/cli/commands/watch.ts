import { Command, Option } from 'commander';
import { ServiceError } from '../../runtime/index.js';
import type { BaseClient, ClientEvent, HostHealth } from '../../service-framework/index.js';
import { atLeast, json, type RemoteOptions, stopSignal, withClient, withRemoteOptions } from '../remote.js';

interface WatchOptions extends RemoteOptions {
  readonly events?: string;
  readonly count?: number;
}

/** `conclave watch <topic>` */
export function watchCommand(): Command {
  return withRemoteOptions(
    new Command('watch')
      .description('Prints events as they come, until Ctrl-C.')
      .argument('<topic>', 'e.g. decision.BTC/USDT; ending with a dot, all that begin so; empty, every one'),
  )
    .addOption(
      new Option(
        '--events <endpoint>',
        'event endpoint of the service (default: asked of the service itself)',
      ).env('CONCLAVE_EVENTS'),
    )
    .option('--count <n>', 'end after this many events', atLeast(1))
    .action(async (topic: string, options: WatchOptions) => {
      let events = options.events;
      if (events === undefined) {
        await withClient(options, async (client) => {
          events = await eventEndpointOf(client, options.endpoint);
        });
      }
      if (events === undefined) return;
      await withClient({ ...options, events }, (client) => watch(client, topic, options));
    });
}

/** A host's second socket is the one that its events leave by. */
async function eventEndpointOf(client: BaseClient, endpoint: string): Promise<string> {
  const { sockets } = await client.call<HostHealth>('service.health');
  const [, events] = sockets;
  if (events) return events.endpoint;
  throw new ServiceError('FAILED_PRECONDITION', `the service at ${endpoint} publishes no events`);
}

function watch(client: BaseClient, topic: string, options: WatchOptions): Promise<void> {
  return new Promise((resolve) => {
    const stop = stopSignal();
    stop.addEventListener('abort', () => resolve(), { once: true });
    let heard = 0;
    const subscription = client.subscribe(topic, (event) => {
      process.stdout.write(options.json === true ? `${json(event)}\n` : asText(event));
      if (++heard !== options.count) return;
      subscription.close();
      resolve();
    });
    if (process.stderr.isTTY) process.stderr.write(`watching ${topic || 'everything'}, Ctrl-C ends\n`);
  });
}

function asText({ topic, seq, timeMs, missed, body }: ClientEvent): string {
  const gap = missed > 0 ? `${topic}: ${missed} missed\n` : '';
  return `${gap}${new Date(timeMs).toISOString()} ${topic} #${seq} ${json(body)}\n`;
}

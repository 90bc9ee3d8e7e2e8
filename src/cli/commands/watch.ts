import { Command, Option } from 'commander';
import { ServiceError } from '../../runtime/index.js';
import {
  type BaseClient,
  type ClientEvent,
  type HostDescription,
  isWildcardHost,
  parseEndpoint,
} from '../../service-framework/index.js';
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

/** Where the service publishes, as it says; a wildcard address is that of the endpoint we reached it at. */
async function eventEndpointOf(client: BaseClient, endpoint: string): Promise<string> {
  const { endpoints } = await client.call<HostDescription>('service.describe');
  if (endpoints.events !== undefined) return reachableFrom(endpoint, endpoints.events);
  throw new ServiceError('FAILED_PRECONDITION', `the service at ${endpoint} publishes no events`);
}

function reachableFrom(endpoint: string, events: string): string {
  const { host: bound = '', port } = parseEndpoint(events, 'events');
  const { transport, host = '', ipv6 } = parseEndpoint(endpoint);
  if (transport !== 'tcp' || !isWildcardHost(bound)) return events;
  return `tcp://${ipv6 ? `[${host}]` : host}:${port}`;
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

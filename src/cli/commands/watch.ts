import { Command, Option } from 'commander';
import { ServiceError, SystemClock, sleep } from '../../runtime/index.js';
import {
  type BaseClient,
  type ClientEvent,
  type HostDescription,
  isWildcardHost,
  parseEndpoint,
  type Subscription,
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
      const known = events;
      await withClient({ ...options, events }, (client) => watch(client, topic, known, options));
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

/** Ends on Ctrl-C or after the events asked for. @throws ServiceError when there is no way to hear events */
async function watch(
  client: BaseClient,
  topic: string,
  events: string,
  options: WatchOptions,
): Promise<void> {
  const stop = stopSignal();
  const done = new AbortController();
  const ways = { subscription: undefined as Subscription | undefined, connected: false };
  try {
    await new Promise<void>((resolve, reject) => {
      stop.addEventListener('abort', () => resolve(), { once: true });
      let heard = 0;
      const hear = (event: ClientEvent): void => {
        if (heard === options.count) return;
        process.stdout.write(options.json === true ? `${json(event)}\n` : asText(event));
        if (++heard === options.count) resolve();
      };
      ways.subscription = client.subscribe(topic, hear, {
        connected: () => {
          if (ways.connected) process.stderr.write('connected again\n');
          ways.connected = true;
        },
        disconnected: () => process.stderr.write(`the connection to ${events} is lost; events are missed\n`),
        refused: reject,
      });
      const none = new ServiceError('UNAVAILABLE', `events: no connection to ${events}`, { field: 'events' });
      sleep(new SystemClock(), options.timeoutMs, done.signal).then(
        () => {
          if (!ways.connected) reject(none);
        },
        // It is over before that.
        () => undefined,
      );
      if (process.stderr.isTTY) process.stderr.write(`watching ${topic || 'everything'}, Ctrl-C ends\n`);
    });
  } finally {
    done.abort();
    ways.subscription?.close();
  }
}

function asText({ topic, seq, timeMs, missed, body }: ClientEvent): string {
  const gap = missed > 0 ? `${topic}: ${missed} missed\n` : '';
  return `${gap}${new Date(timeMs).toISOString()} ${topic} #${seq} ${json(body)}\n`;
}

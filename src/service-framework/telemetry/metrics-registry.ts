import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { CommandCounters } from './command-stats.js';
import { PROMETHEUS_BOUNDS_US } from './latency-histogram.js';

/** Numbers of a host as the metrics page reads them, at the moment it is asked. */
export interface MetricsSource {
  counters(): Iterable<CommandCounters>;
  stats(): { readonly sockets: Readonly<Record<string, number>>; readonly heldBytes: number };
}

interface Sample {
  readonly labels: Readonly<Record<string, string | number>>;
  readonly value: number;
  readonly metricName?: string;
}

type MetricKind = 'counter' | 'gauge' | 'histogram';

const US_PER_S = 1e6;

/** Socket numbers that fall as well as rise. */
const SOCKET_GAUGES: ReadonlySet<string> = new Set(['waitingBytes', 'peers', 'connections']);

/**
 * A Prometheus registry with the process's own metrics (memory, CPU, event-loop lag, GC) and, read
 * from its counters only when the page is asked for, everything about a host. So a request costs
 * nothing for being measured here.
 */
export function createMetricsRegistry(source?: MetricsSource): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  if (source) registerHostMetrics(registry, source);
  return registry;
}

/** Adds a host's metrics to a registry. */
export function registerHostMetrics(registry: Registry, source: MetricsSource): void {
  const perCommand = (read: (counters: CommandCounters) => Sample[]): Sample[] =>
    [...source.counters()].flatMap(read);
  add(registry, 'counter', 'conclave_requests_total', 'Requests answered', () =>
    perCommand(({ command, latency }) => [{ labels: { command }, value: latency.count }]),
  );
  add(registry, 'counter', 'conclave_errors_total', 'Requests answered with an error', () =>
    perCommand(({ command, errors }) =>
      Object.entries(errors).map(([code, value]) => ({ labels: { command, code }, value })),
    ),
  );
  add(registry, 'gauge', 'conclave_in_flight', 'Requests admitted and not yet answered', () =>
    perCommand((counters) => [{ labels: { command: counters.command }, value: counters.inFlight }]),
  );
  add(registry, 'gauge', 'conclave_abandoned', 'Handlers still running after their answer', () =>
    perCommand((counters) => [{ labels: { command: counters.command }, value: counters.abandoned }]),
  );
  add(registry, 'gauge', 'conclave_queue', 'Requests admitted that wait for their turn', () =>
    perCommand(({ command, queued }) => [{ labels: { command }, value: queued }]),
  );
  add(registry, 'gauge', 'conclave_concurrency_limit', 'Requests that may run at once', () =>
    perCommand(({ command, limit }) => (limit ? [{ labels: { command }, value: limit.value }] : [])),
  );
  add(registry, 'counter', 'conclave_shed_total', 'Requests refused for want of room', () =>
    perCommand(({ command, shed }) => [{ labels: { command }, value: shed }]),
  );
  add(registry, 'counter', 'conclave_queue_expired_total', 'Requests whose time was up in the queue', () =>
    perCommand(({ command, expired }) => [{ labels: { command }, value: expired }]),
  );
  add(registry, 'gauge', 'conclave_held_bytes', 'Bytes of messages with requests in flight', () => [
    { labels: {}, value: source.stats().heldBytes },
  ]);
  add(registry, 'histogram', LATENCY, 'Time in the host', () => perCommand(histogram));
  for (const name of Object.keys(source.stats().sockets)) {
    const kind = SOCKET_GAUGES.has(name) ? 'gauge' : 'counter';
    const metric = `conclave_socket_${snake(name)}${kind === 'counter' ? '_total' : ''}`;
    add(registry, kind, metric, `Sockets: ${name}`, () => [
      { labels: {}, value: source.stats().sockets[name] ?? 0 },
    ]);
  }
}

const LATENCY = 'conclave_request_seconds';

function histogram({ command, latency }: CommandCounters): Sample[] {
  const buckets = PROMETHEUS_BOUNDS_US.map((boundUs) => ({
    metricName: `${LATENCY}_bucket`,
    labels: { command, le: boundUs / US_PER_S },
    value: latency.countBelow(boundUs),
  }));
  return [
    ...buckets,
    { metricName: `${LATENCY}_bucket`, labels: { command, le: '+Inf' }, value: latency.count },
    { metricName: `${LATENCY}_sum`, labels: { command }, value: latency.sumUs / US_PER_S },
    { metricName: `${LATENCY}_count`, labels: { command }, value: latency.count },
  ];
}

/** A metric whose samples are read from elsewhere; prom-client's own would keep a second copy. */
class ReadMetric extends Gauge {
  constructor(
    private readonly about: { readonly name: string; readonly help: string; readonly kind: MetricKind },
    private readonly read: () => Sample[],
  ) {
    super({ name: about.name, help: about.help, registers: [] });
  }

  // biome-ignore lint/suspicious/noExplicitAny: prom-client types a gauge's answer narrower than its registry reads it
  override async get(): Promise<any> {
    const { name, help, kind } = this.about;
    return { name, help, type: kind, values: this.read(), aggregator: 'sum' };
  }
}

function add(registry: Registry, kind: MetricKind, name: string, help: string, read: () => Sample[]): void {
  registry.registerMetric(new ReadMetric({ name, help, kind }, read));
}

function snake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

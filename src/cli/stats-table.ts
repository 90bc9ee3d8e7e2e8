import type { CommandStats, HostStats } from '../service-framework/index.js';
import { table } from './table.js';

const NONE = '-';

/** Requests and errors of one command in the last interval. */
export interface CommandRate extends CommandStats {
  readonly perSecond: number;
  readonly errorsPerSecond: number;
}

/**
 * What happened between two readings of `service.stats`, busiest first. A host that was started anew
 * in between is read from its start; without a reading before, the rates are over its whole life.
 */
export function ratesBetween(before: HostStats | undefined, now: HostStats): CommandRate[] {
  const earlier = before !== undefined && before.uptimeMs <= now.uptimeMs ? before : undefined;
  const seconds = (now.uptimeMs - (earlier?.uptimeMs ?? 0)) / 1e3;
  const was = new Map(earlier?.commands.map((stats) => [stats.command, stats]));
  const per = (count: number): number => (seconds > 0 ? Math.max(0, count) / seconds : 0);
  return now.commands
    .map((stats) => {
      const last = was.get(stats.command);
      return {
        ...stats,
        perSecond: per(stats.count - (last?.count ?? 0)),
        errorsPerSecond: per(errorsOf(stats) - (last ? errorsOf(last) : 0)),
      };
    })
    .sort((a, b) => b.perSecond - a.perSecond || b.count - a.count || (a.command < b.command ? -1 : 1));
}

/** `service.stats` as tables. */
export function statsText(stats: HostStats): string {
  const rows = stats.commands.map((each) => [
    each.command,
    String(each.count),
    errorText(each),
    String(each.inFlight),
    String(each.queued),
    String(each.limit ?? NONE),
    String(each.shed),
    ...quantiles(each),
  ]);
  return [
    heading(stats),
    table(
      ['command', 'count', 'errors', 'in flight', 'queued', 'limit', 'shed', 'p50 ms', 'p90 ms', 'p99 ms'],
      rows,
    ),
    '',
  ].join('\n');
}

/** What `top` shows at one moment. */
export function topText(stats: HostStats, rates: readonly CommandRate[]): string {
  const rows = rates.map((each) => [
    each.command,
    each.perSecond.toFixed(1),
    each.errorsPerSecond.toFixed(1),
    String(each.inFlight),
    String(each.queued),
    ...quantiles(each),
    String(each.count),
  ]);
  const head = ['command', 'per s', 'errors/s', 'in flight', 'queued', 'p50 ms', 'p90 ms', 'p99 ms', 'count'];
  return [heading(stats), table(head, rows), ''].join('\n');
}

function heading(stats: HostStats): string {
  const { name, version, uptimeMs, inFlight, eventLoopLag, memory, sockets } = stats;
  const { peers, received, sent, dropped, peersCutOff, repliesLost, waitingBytes, eventsPublished } = sockets;
  return (
    `${name} ${version}, up ${duration(uptimeMs)}, ${inFlight} in flight\n` +
    `event loop late by ${eventLoopLag.p50Ms.toFixed(1)} ms (p50), ${eventLoopLag.p99Ms.toFixed(1)} ms (p99), ` +
    `${mebibytes(memory.residentBytes)} resident, ${mebibytes(memory.heapUsedBytes)} heap\n` +
    `${peers} peers, ${received} messages in, ${sent} out, ${dropped} dropped, ${waitingBytes} bytes waiting, ` +
    `${peersCutOff} peers cut off, ${repliesLost} replies lost, ${eventsPublished} events`
  );
}

function mebibytes(bytes: number | null): string {
  return bytes === null ? NONE : `${(bytes / 2 ** 20).toFixed(0)} MiB`;
}

function errorsOf({ errors }: CommandStats): number {
  return Object.values(errors).reduce((sum, count) => sum + count, 0);
}

function errorText({ errors }: CommandStats): string {
  const parts = Object.entries(errors).map(([code, count]) => `${code} ${count}`);
  return parts.length === 0 ? NONE : parts.join('\n');
}

function quantiles({ p50Us, p90Us, p99Us }: CommandStats): string[] {
  return [p50Us, p90Us, p99Us].map((us) => (us === null ? NONE : (us / 1e3).toFixed(2)));
}

/** `3 d 4 h`, `12 m 5 s`: the two largest units. */
export function duration(ms: number): string {
  const units: [string, number][] = [
    ['d', 86_400],
    ['h', 3_600],
    ['m', 60],
    ['s', 1],
  ];
  let left = Math.floor(ms / 1e3);
  const parts = units.map(([unit, seconds]): [string, number] => {
    const count = Math.floor(left / seconds);
    left -= count * seconds;
    return [unit, count];
  });
  const first = parts.findIndex(([, count]) => count > 0);
  return (first < 0 ? parts.slice(-1) : parts.slice(first, first + 2))
    .map(([unit, count]) => `${count} ${unit}`)
    .join(' ');
}

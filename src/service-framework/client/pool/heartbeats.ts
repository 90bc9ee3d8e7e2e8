import { type Clock, type Logger, ServiceError, type Timer } from '../../../runtime/index.js';
import { ConnectionLoss } from '../../transport/index.js';
import { type HostLink, isFromHost } from './host-link.js';

export interface HeartbeatOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  /** A connected host that says nothing for this long is taken for one that hangs, ms; 0 = never. */
  readonly intervalMs: number;
}

/**
 * Asks silent hosts for a sign of life. ZMTP's own heartbeats do not notice a process that hangs; what is in flight
 * there ends with UNAVAILABLE, as on a lost connection, so that it can be asked of another host.
 */
export class Heartbeats {
  readonly #options: HeartbeatOptions;
  readonly #links: readonly HostLink[];
  readonly #pinging = new Set<HostLink>();
  #timer: Timer | undefined;
  #dueMs = 0;
  #stopped = false;

  constructor(links: readonly HostLink[], options: HeartbeatOptions) {
    this.#links = links;
    this.#options = options;
    this.#schedule();
  }

  stop(): void {
    this.#stopped = true;
    this.#timer?.cancel();
  }

  #schedule(): void {
    const { clock, intervalMs } = this.#options;
    if (intervalMs <= 0 || this.#stopped) return;
    const inMs = Math.min(...this.#links.map((link) => this.#nextLookMs(link)));
    this.#dueMs = clock.monotonicMs() + inMs;
    this.#timer = clock.schedule(inMs, () => this.#look(), { background: true });
  }

  /** Until the host has been silent for so long that something is due. */
  #nextLookMs(link: HostLink): number {
    const { clock, intervalMs } = this.#options;
    const silentMs = clock.monotonicMs() - link.lastHeardMs;
    if (!link.connected || silentMs >= intervalMs) return intervalMs / 4;
    return Math.max(1, (silentMs < intervalMs / 2 ? intervalMs / 2 : intervalMs) - silentMs);
  }

  #look(): void {
    const { clock, intervalMs } = this.#options;
    const nowMs = clock.monotonicMs();
    // It was this process that hung: what has arrived meanwhile is still unread.
    const late = nowMs - this.#dueMs > intervalMs / 4;
    for (const link of this.#links) {
      if (!link.connected) {
        link.lastHeardMs = nowMs;
        continue;
      }
      const silentMs = nowMs - link.lastHeardMs;
      if (silentMs >= intervalMs / 2) this.#ping(link);
      if (silentMs >= intervalMs && !late) this.#hangs(link, silentMs);
    }
    this.#schedule();
  }

  #hangs(link: HostLink, silentMs: number): void {
    if (!link.suspect)
      this.#options.logger.warn(
        { host: link.name, silentMs: Math.round(silentMs) },
        'a host does not answer',
      );
    link.suspect = true;
    if (link.inFlight > 0)
      link.transport.abandon?.(
        new ServiceError('UNAVAILABLE', `${link.name} says nothing`, { cause: new ConnectionLoss(true) }),
      );
  }

  #ping(link: HostLink): void {
    if (this.#pinging.has(link)) return;
    this.#pinging.add(link);
    const timeoutMs = this.#options.intervalMs;
    link.transport
      .request({ command: 'service.ping', timeoutMs })
      .then(
        () => link.heard(),
        (thrown) => {
          if (isFromHost(ServiceError.from(thrown))) link.heard();
        },
      )
      .finally(() => this.#pinging.delete(link));
  }
}

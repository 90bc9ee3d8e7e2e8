import { BaseHandler, Command, type RequestContext } from '../handler/index.js';
import type { HostDescription, HostHealth, HostStats } from './host-info.js';

/** What the built-in commands ask of their host. */
export interface ServiceHostView {
  describe(): HostDescription;
  health(): Promise<HostHealth>;
  stats(): HostStats;
  drain(reason: string): Promise<void>;
}

/** The commands every host answers. */
export class ServiceHandler extends BaseHandler {
  readonly #host: ServiceHostView;

  constructor(host: ServiceHostView) {
    super();
    this.#host = host;
  }

  @Command('service.ping', {
    summary: 'Answers at once with the time of the host (Unix ms).',
    reserved: true,
  })
  ping(_payload: undefined, context: RequestContext): { timeMs: number } {
    return { timeMs: context.clock.nowMs() };
  }

  @Command('service.describe', {
    summary: 'Commands with JSON Schemas of request and reply, idempotency, roles; name and version.',
    reserved: true,
  })
  describe(): HostDescription {
    return this.#host.describe();
  }

  @Command('service.health', {
    summary: 'Live, ready, event-loop lag, ports probed, and the state of each handler.',
    reserved: true,
  })
  hostHealth(): Promise<HostHealth> {
    return this.#host.health();
  }

  @Command('service.stats', {
    summary: 'Per command: count, errors by code, queue, p50, p90 and p99 in µs; lag, memory, socket counts.',
    reserved: true,
  })
  stats(): HostStats {
    return this.#host.stats();
  }

  @Command('service.drain', {
    summary: 'Admits nothing more, finishes what runs, then stops the host.',
    roles: ['admin'],
    reserved: true,
  })
  drain(): { draining: true } {
    // After this reply has been queued: the drain ends with closed sockets.
    setImmediate(() => void this.#host.drain('service.drain'));
    return { draining: true };
  }
}

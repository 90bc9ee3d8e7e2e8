import type { ServiceError } from '../../../runtime/index.js';
import type { CommandCounters } from '../../telemetry/index.js';
import type { Caller } from '../../transport/index.js';
import type { Runnable } from '../time-slice.js';
import type { ConcurrencyLimit } from './concurrency-limit.js';
import { FairQueue, type Ticket } from './fair-queue.js';
import { Pace } from './pace.js';

/** A request from outside as the lanes see it. */
export interface LaneWork extends Runnable {
  /** What it takes from its caller's share, in units of a small request, at least 1. */
  readonly cost: number;
  /** Its place while it waits; only the scheduler touches it. */
  ticket: Ticket<LaneWork> | undefined;
  /** It counts as running in its lane; only the scheduler touches it. */
  inLane: boolean;
  /** Sees that it ends by its deadline while it waits. */
  wait(): void;
  cancel(error: ServiceError): void;
}

/** One command's way in: how many requests run, how many may, and who waits. */
export class CommandLane {
  readonly queue = new FairQueue<LaneWork>();
  readonly pace = new Pace();
  running = 0;

  constructor(
    readonly counters: CommandCounters,
    readonly limit: ConcurrencyLimit,
  ) {}

  get mayRun(): boolean {
    return this.running < this.limit.value;
  }

  /** How long a caller's next request would wait in the queue, ms; 0 while unknown. */
  waitMs(caller: Caller): number {
    const { queue, pace } = this;
    if (queue.size === 0 || pace.intervalMs === undefined) return 0;
    const own = queue.lengthOf(caller);
    const callers = queue.callers + (own === 0 ? 1 : 0);
    return pace.intervalMs * Math.min(queue.size + 1, (own + 1) * callers);
  }

  /** How long what waits now will take to leave, ms; 0 while unknown. */
  get backlogMs(): number {
    return (this.pace.intervalMs ?? 0) * this.queue.size;
  }
}

import type { ErrorCode } from '../../runtime/index.js';
import { LatencyHistogram } from './latency-histogram.js';

/** One command's numbers since the host started, as `service.stats` reports them. */
export interface CommandStats {
  readonly command: string;
  /** Requests answered, with a result or an error. */
  readonly count: number;
  /** Errors by code. */
  readonly errors: Readonly<Partial<Record<ErrorCode, number>>>;
  /** Admitted and not yet answered: `queued` of them wait, the others run. */
  readonly inFlight: number;
  readonly queued: number;
  /** Answered (by deadline or cancel) while the handler still runs. */
  readonly abandoned: number;
  /** How many may run at once now; null for what never runs. */
  readonly limit: number | null;
  /** Refused for want of room, before any work. */
  readonly shed: number;
  /** Dropped from the queue because their time was up before they could start. */
  readonly expired: number;
  /** Microseconds in the host; null before the first answer. */
  readonly p50Us: number | null;
  readonly p90Us: number | null;
  readonly p99Us: number | null;
}

/** Counts of one command; written by the host, read by `service.stats` and the metrics page. */
export class CommandCounters {
  readonly latency = new LatencyHistogram();
  readonly errors: Partial<Record<ErrorCode, number>> = {};
  queued = 0;
  running = 0;
  abandoned = 0;
  shed = 0;
  expired = 0;

  /** @param limit absent for what never runs */
  constructor(
    readonly command: string,
    readonly limit?: { readonly value: number },
  ) {}

  get inFlight(): number {
    return this.queued + this.running;
  }

  /** Counts an answer. */
  answered(elapsedUs: number, code?: ErrorCode): void {
    this.latency.record(elapsedUs);
    if (code !== undefined) this.errors[code] = (this.errors[code] ?? 0) + 1;
  }

  snapshot(): CommandStats {
    const { latency } = this;
    return {
      command: this.command,
      count: latency.count,
      errors: { ...this.errors },
      inFlight: this.inFlight,
      queued: this.queued,
      abandoned: this.abandoned,
      limit: this.limit?.value ?? null,
      shed: this.shed,
      expired: this.expired,
      p50Us: latency.quantileUs(0.5) ?? null,
      p90Us: latency.quantileUs(0.9) ?? null,
      p99Us: latency.quantileUs(0.99) ?? null,
    };
  }
}

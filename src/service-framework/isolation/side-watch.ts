import type { Clock, Timer } from '../../runtime/index.js';
import type { ResolvedLimits } from './isolated-handler-options.js';
import type { LiveSide } from './live-side.js';

const MB = 1024 * 1024;

export interface SideWatchOptions {
  readonly side: LiveSide;
  readonly limits: ResolvedLimits;
  readonly clock: Clock;
  /** Too many of its calls never end: give it no more, it is ended once nobody waits for it. */
  onHanging(): void;
}

/** Looks at one life of an isolated handler regularly, and ends it when it spins, hangs or grows too large. */
export class SideWatch {
  readonly #options: SideWatchOptions;
  #timer: Timer | undefined;
  #dueMs = 0;
  #stopped = false;

  constructor(options: SideWatchOptions) {
    this.#options = options;
  }

  start(): void {
    const { side, clock } = this.#options;
    side.lastHeardMs = clock.monotonicMs();
    this.#schedule();
  }

  stop(): void {
    this.#stopped = true;
    this.#timer?.cancel();
  }

  #schedule(): void {
    const { side, clock, limits } = this.#options;
    side.ping();
    this.#dueMs = clock.monotonicMs() + limits.heartbeatMs;
    this.#timer = clock.schedule(limits.heartbeatMs, () => void this.#look(), { background: true });
  }

  async #look(): Promise<void> {
    const { side, clock, limits, onHanging } = this.#options;
    // This thread itself was busy: what the side said meanwhile has not been read yet.
    if (clock.monotonicMs() - this.#dueMs > limits.heartbeatMs) side.lastHeardMs = clock.monotonicMs();
    const silentMs = clock.monotonicMs() - side.lastHeardMs;
    if (silentMs > limits.graceMs && side.overdueMs() > limits.graceMs) {
      side.kill(`spun: a request is overdue and nothing was heard for ${Math.round(silentMs)} ms`);
      return;
    }
    if (silentMs > limits.silenceMs) {
      side.kill(`spun: nothing was heard for ${Math.round(silentMs)} ms`);
      return;
    }
    const hung = side.hung(limits.graceMs);
    if (hung > limits.maxHung) onHanging();
    if (hung > limits.maxHung && side.inFlight === 0) {
      side.kill(`hung: ${hung} requests never ended`);
      return;
    }
    const bytes = (await side.link.memoryBytes()) ?? side.vitals?.memoryBytes ?? 0;
    if (this.#stopped) return;
    if (bytes > limits.maxMemoryMb * MB) {
      side.kill(`used ${Math.round(bytes / MB)} MB of memory, ${limits.maxMemoryMb} are allowed`);
      return;
    }
    this.#schedule();
  }
}

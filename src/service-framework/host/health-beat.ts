import type { Clock, Logger, Timer } from '../../runtime/index.js';
import type { HostHealth } from './host-info.js';

/** Topic of a host's own state of health. */
export const HEALTH_TOPIC = 'health';
/** Time between two events: what a dashboard needs to notice a host that went silent, ms. */
const INTERVAL_MS = 5_000;

export interface HealthBeatOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  health(): Promise<HostHealth>;
  publish(topic: string, body: unknown): void;
}

/** Publishes the host's health at once and then regularly, until it stops. */
export class HealthBeat {
  readonly #options: HealthBeatOptions;
  #timer: Timer | undefined;

  constructor(options: HealthBeatOptions) {
    this.#options = options;
  }

  start(): void {
    void this.#say();
    this.#timer = this.#options.clock.schedule(INTERVAL_MS, () => this.start(), { background: true });
  }

  /** Says a last time how things are. */
  async stop(): Promise<void> {
    if (!this.#timer) return;
    this.#timer.cancel();
    this.#timer = undefined;
    await this.#say();
  }

  async #say(): Promise<void> {
    const { health, publish, logger } = this.#options;
    try {
      publish(HEALTH_TOPIC, await health());
    } catch (err) {
      logger.warn({ err }, 'the state of health could not be told');
    }
  }
}

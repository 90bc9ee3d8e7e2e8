import { type Clock, type Logger, type Rng, ServiceError, type Timer } from '../../runtime/index.js';
import type { HandlerHost } from '../handler/index.js';
import type { ResolvedLimits } from './isolated-handler-options.js';
import type { OpenLink } from './link.js';
import { LiveSide } from './live-side.js';
import type { HandlerSource, Loaded } from './messages.js';
import { SideWatch } from './side-watch.js';

/** `loading` → `ready`; after a death `backoff` → `loading`; `retiring` = it hangs, its last calls may end. */
export type SideState = 'loading' | 'ready' | 'retiring' | 'backoff' | 'stopped';

export interface SupervisorOptions {
  readonly name: string;
  readonly source: HandlerSource;
  readonly open: OpenLink;
  readonly env: NodeJS.ProcessEnv | undefined;
  readonly limits: ResolvedLimits;
  readonly clock: Clock;
  readonly rng: Rng;
  readonly logger: Logger;
}

/** Shortest time worth telling a caller to wait, ms. */
const SHORTEST_RETRY_MS = 10;

/** Keeps one isolated handler alive: launches it, watches it, and after a death launches it again. */
export class Supervisor {
  state: SideState = 'loading';
  restarts = 0;
  lastError: string | undefined;
  readonly #options: SupervisorOptions;
  #side: LiveSide | undefined;
  #watch: SideWatch | undefined;
  #host: HandlerHost | undefined;
  #loaded: Loaded | undefined;
  #bornMs = 0;
  #loadMs = 0;
  #deathsInARow = 0;
  #restart: Timer | undefined;
  #restartAtMs = 0;

  constructor(options: SupervisorOptions) {
    this.#options = options;
  }

  /** The present life; undefined while there is none that may be called. */
  get ready(): LiveSide | undefined {
    return this.state === 'ready' ? this.#side : undefined;
  }

  get side(): LiveSide | undefined {
    return this.#side;
  }

  /** Launches it for the first time and learns what it answers. @throws ServiceError why it cannot be loaded */
  async load(): Promise<Loaded> {
    this.#loaded = await this.#launch();
    return this.#loaded;
  }

  /** Starts the handler; from here on it is kept alive. @throws ServiceError why it cannot be started */
  async start(host: HandlerHost): Promise<void> {
    this.#host = host;
    if (!this.#side) await this.#launch();
    else await this.#startSide(this.#side);
  }

  async stop(): Promise<void> {
    this.state = 'stopped';
    this.#restart?.cancel();
    this.#watch?.stop();
    await this.#side?.stop(this.#options.limits.stopTimeoutMs);
  }

  /** Why a call cannot be taken now, with the time until it may be. */
  unavailable(): ServiceError {
    const { name, clock } = this.#options;
    const waitMs = this.#restartAtMs - clock.monotonicMs() + this.#loadMs;
    const why = this.lastError === undefined ? '' : `: ${this.lastError}`;
    return new ServiceError('UNAVAILABLE', `${name} is ${STATE_WORDS[this.state]}${why}`, {
      retryAfterMs: Math.ceil(Math.max(SHORTEST_RETRY_MS, waitMs)),
    });
  }

  async #launch(): Promise<Loaded> {
    const { source, open, env, limits, clock, logger } = this.#options;
    this.state = 'loading';
    this.#bornMs = clock.monotonicMs();
    const side: LiveSide = new LiveSide({
      open,
      linkLimits: { maxHeapMb: limits.maxHeapMb, env },
      source,
      clock,
      logger,
      host: () => this.#host,
      onGone: (error) => this.#gone(side, error),
    });
    this.#side = side;
    const loaded = await this.#inTime(side, 'load', side.load());
    if (this.#host) await this.#startSide(side);
    return loaded;
  }

  async #startSide(side: LiveSide): Promise<void> {
    const { name, rng, clock, limits } = this.#options;
    // Another seed in each life: numbers drawn before a crash must not be drawn again after it.
    const seed = rng.fork(`${name}#${this.restarts}`).integer(2 ** 48);
    await this.#inTime(side, 'start', side.start(seed));
    if (this.state === 'stopped') return;
    this.#loadMs = clock.monotonicMs() - this.#bornMs;
    this.state = 'ready';
    this.#watch = new SideWatch({
      side,
      limits,
      clock,
      onHanging: () => {
        if (this.state === 'ready') this.state = 'retiring';
      },
    });
    this.#watch.start();
  }

  async #inTime<T>(side: LiveSide, what: string, work: Promise<T>): Promise<T> {
    const { clock, limits } = this.#options;
    const timer = clock.schedule(limits.startTimeoutMs, () =>
      side.kill(`did not ${what} within ${limits.startTimeoutMs} ms`),
    );
    try {
      return await work;
    } catch (thrown) {
      // What has thrown in its start is of no use, alive or not.
      side.kill(`did not ${what}: ${ServiceError.from(thrown).message}`);
      throw thrown;
    } finally {
      timer.cancel();
    }
  }

  #gone(side: LiveSide, error: ServiceError): void {
    if (this.#side !== side) return;
    this.#side = undefined;
    this.#watch?.stop();
    if (this.state === 'stopped') return;
    this.lastError = error.message;
    const { name, logger, clock, limits, rng } = this.#options;
    logger.error(
      { handler: name, restarts: this.restarts, reason: error.message },
      'an isolated handler died',
    );
    // Until it has started once its failure is the caller's to see.
    if (!this.#host || (this.restarts === 0 && this.state === 'loading')) return;
    const { firstMs, maxMs, stableMs } = limits.restart;
    const livedMs = clock.monotonicMs() - this.#bornMs;
    this.#deathsInARow = livedMs >= stableMs ? 1 : this.#deathsInARow + 1;
    const fullMs = Math.min(maxMs, firstMs * 2 ** (this.#deathsInARow - 1));
    const delayMs = fullMs * (0.5 + 0.5 * rng.uniform());
    this.state = 'backoff';
    this.#restartAtMs = clock.monotonicMs() + delayMs;
    this.#restart = clock.schedule(delayMs, () => void this.#relaunch(), { background: true });
  }

  async #relaunch(): Promise<void> {
    this.restarts++;
    const { name, logger } = this.#options;
    try {
      await this.#launch();
      logger.warn({ handler: name, restarts: this.restarts }, 'an isolated handler was started again');
    } catch (err) {
      logger.error({ err, handler: name }, 'an isolated handler could not be started again');
    }
  }
}

const STATE_WORDS: Readonly<Record<SideState, string>> = {
  loading: 'starting',
  ready: 'ready',
  retiring: 'hanging and about to be started again',
  backoff: 'waiting to be started again',
  stopped: 'stopped',
};

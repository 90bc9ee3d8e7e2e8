import type { Clock, Logger, Timer } from '../../runtime/index.js';
import { type AllowList, parseAllowList } from './allow-list.js';
import { readProtectedFile } from './private-file.js';

export interface WatchedAllowListOptions {
  readonly file: string;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Time between two looks at the file, ms. */
  readonly pollMs: number;
}

/** Told which keys have just lost their place. */
export type RevokedListener = (publicKeys: readonly string[]) => void;

/**
 * A list that follows its file, looked at again and again rather than watched: that works on every file system. A
 * file that is gone allows nobody; one that cannot be read or makes no sense changes nothing, and is logged.
 */
export class WatchedAllowList {
  readonly #options: WatchedAllowListOptions;
  readonly #listeners = new Set<RevokedListener>();
  #text: string | undefined;
  #keys: AllowList;
  #timer: Timer | undefined;
  #lastProblem: string | undefined;

  /** @throws ServiceError FAILED_PRECONDITION, INVALID_ARGUMENT when the file may not be used as it is */
  constructor(options: WatchedAllowListOptions) {
    this.#options = options;
    this.#text = readProtectedFile(options.file, 'trusted');
    this.#keys = parseAllowList(this.#text ?? '', options.file);
    if (this.#keys.size === 0)
      options.logger.warn(
        { file: options.file },
        'nobody is on this allow list; conclave keys allow adds a key',
      );
  }

  get size(): number {
    return this.#keys.size;
  }

  /** The name a key was given; undefined = it may not connect. */
  nameOf(publicKey: string): string | undefined {
    return this.#keys.get(publicKey);
  }

  watch(listener: RevokedListener): void {
    this.#listeners.add(listener);
  }

  start(): void {
    const { clock, pollMs } = this.#options;
    this.#timer = clock.schedule(
      pollMs,
      () => {
        this.reload();
        this.start();
      },
      { background: true },
    );
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  /** Looks at the file now. Never throws. */
  reload(): void {
    const { file, logger } = this.#options;
    try {
      const text = readProtectedFile(file, 'trusted');
      const before = this.#keys;
      if (text !== this.#text) {
        this.#keys = parseAllowList(text ?? '', file);
        this.#text = text;
        logger.info({ file, keys: this.#keys.size }, 'allow list reloaded');
      }
      this.#lastProblem = undefined;
      const revoked = [...before.keys()].filter((key) => !this.#keys.has(key));
      if (revoked.length > 0) for (const listener of this.#listeners) listener(revoked);
    } catch (err) {
      const problem = (err as Error).message;
      // Once, not at every look.
      if (problem !== this.#lastProblem)
        logger.error({ err, file }, 'allow list not reloaded; the old one stays');
      this.#lastProblem = problem;
    }
  }
}

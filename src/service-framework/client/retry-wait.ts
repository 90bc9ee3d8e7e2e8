import { type Clock, type Logger, ServiceError, sleep } from '../../runtime/index.js';
import type { Attempt, RetryPolicy } from './retry-policy.js';

/** What every call of a client waits with. */
export interface RetryWaiting {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly policy: RetryPolicy;
  /** Aborts when the client is closed. */
  readonly closing: AbortSignal;
}

/** A try that has failed, and the call it belongs to. */
export interface FailedTry extends Attempt {
  readonly command: string;
  /** Of the whole call, on `clock.monotonicMs()`. */
  readonly deadlineMs: number;
  /** Gives the call up. */
  readonly signal: AbortSignal | undefined;
}

/**
 * The wait before a call is tried again, as far as policy and time allow; undefined = it must not be. Rejects with
 * CANCELLED when the call is given up or the client is closed meanwhile.
 */
export function retryWait(
  { clock, logger, policy, closing }: RetryWaiting,
  { command, number, error, keyed, deadlineMs, signal }: FailedTry,
): Promise<void> | undefined {
  const delayMs = policy.delayMs({ number, error, keyed });
  if (delayMs === undefined || clock.monotonicMs() + delayMs >= deadlineMs) return undefined;
  logger.debug({ command, number, code: error.code, delayMs }, 'trying again');
  const stop = signal ? AbortSignal.any([signal, closing]) : closing;
  return sleep(clock, delayMs, stop).catch((cause) => {
    throw new ServiceError('CANCELLED', `${command}: the caller gave up`, { cause });
  });
}

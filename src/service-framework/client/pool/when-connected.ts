import type { Clock } from '../../../runtime/index.js';

/** Resolves with `connected`, after `limitMs`, or when `signal` aborts, whatever comes first. */
export async function whenConnectedWithin(
  clock: Clock,
  connected: Promise<void>,
  limitMs: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  let stop = (): void => undefined;
  const limit = new Promise<void>((resolve) => {
    const timer = clock.schedule(limitMs, resolve);
    const onAbort = (): void => resolve();
    signal?.addEventListener('abort', onAbort, { once: true });
    stop = () => {
      timer.cancel();
      signal?.removeEventListener('abort', onAbort);
    };
  });
  try {
    await Promise.race([connected, limit]);
  } finally {
    stop();
  }
}

import { SeededRng, SystemClock, silentLogger } from '#conclave/runtime/index.js';
import { ServiceHost, type ServiceHostOptions } from '#conclave/service-framework/host/index.js';
import { TestHandler } from './test-handler.js';

export interface TestHost {
  readonly host: ServiceHost;
  readonly handler: TestHandler;
}

/** A host with the test handler, not started. */
export function testHost(options: Partial<ServiceHostOptions> = {}): TestHost {
  const handler = new TestHandler();
  const host = new ServiceHost({
    name: 'test',
    version: '1.2.3',
    clock: new SystemClock(),
    rng: new SeededRng(1),
    logger: silentLogger(),
    drainTimeoutMs: 200,
    ...options,
  });
  host.register(handler);
  return { host, handler };
}

/** The ServiceError a promise rejects with; fails when it does not. */
export async function errorOf(promise: Promise<unknown>): Promise<{
  readonly code: string;
  readonly message: string;
  readonly field?: string;
  readonly details?: Readonly<Record<string, unknown>>;
  readonly retryAfterMs?: number;
}> {
  try {
    await promise;
  } catch (error) {
    return error as Awaited<ReturnType<typeof errorOf>>;
  }
  throw new Error('it did not fail');
}

/** Resolves once `condition` holds; rejects after `limitMs`. */
export async function until(condition: () => boolean, limitMs = 5_000): Promise<void> {
  const endMs = performance.now() + limitMs;
  while (!condition()) {
    if (performance.now() > endMs) throw new Error(`did not happen within ${limitMs} ms: ${condition}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

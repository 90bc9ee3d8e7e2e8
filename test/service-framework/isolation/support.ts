import { createLogger, type Logger, SeededRng, SystemClock, silentLogger } from '#conclave/runtime/index.js';
import {
  InProcessTransport,
  IsolatedHandler,
  type IsolatedHandlerOptions,
  ServiceHost,
} from '#conclave/service-framework/index.js';

export const TROUBLED = new URL('./troubled-handler.js', import.meta.url);
export const BATCHING = new URL('./batching-handler.js', import.meta.url);

export interface IsolatedHost {
  readonly host: ServiceHost;
  readonly handler: IsolatedHandler;
  call<T = Record<string, unknown>>(command: string, payload?: unknown, timeoutMs?: number): Promise<T>;
  close(): Promise<void>;
}

/** Limits that notice trouble soon, and restarts that come soon. */
export const QUICK = { heartbeatMs: 50, graceMs: 1_500, restart: { firstMs: 10, maxMs: 100 } } as const;

/** A started host with one isolated handler. */
export async function isolatedHost(
  options: Partial<IsolatedHandlerOptions> & Pick<IsolatedHandlerOptions, 'isolation'>,
  logger: Logger = silentLogger(),
): Promise<IsolatedHost> {
  const clock = new SystemClock();
  const rng = new SeededRng(1);
  const handler = await IsolatedHandler.load({
    module: TROUBLED,
    exportName: 'TroubledHandler',
    clock,
    rng,
    logger,
    ...options,
  });
  const host = new ServiceHost({
    name: 'test',
    version: '1.0.0',
    clock,
    rng,
    logger,
    drainTimeoutMs: 10_000,
  });
  host.register(handler);
  await host.start();
  const transport = new InProcessTransport(host);
  return {
    host,
    handler,
    call: async <T>(command: string, payload?: unknown, timeoutMs = 30_000) =>
      (await transport.request({ command, payload, timeoutMs })).body as T,
    close: async () => {
      await transport.close();
      await host.drain('the test is over');
    },
  };
}

/** A logger whose lines can be read back. */
export function readableLogger(): { readonly logger: Logger; lines(): Record<string, unknown>[] } {
  const written: string[] = [];
  const logger = createLogger({ level: 'info', destination: { write: (line) => void written.push(line) } });
  return { logger, lines: () => written.map((line) => JSON.parse(line) as Record<string, unknown>) };
}

/** Waits for something that a machine under load may take long to do. */
export async function eventually(condition: () => boolean | Promise<boolean>): Promise<void> {
  const endMs = performance.now() + 45_000;
  while (!(await condition())) {
    if (performance.now() > endMs) throw new Error(`did not happen: ${condition}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { ServiceError } from '../../runtime/index.js';

const SERVICE = fileURLToPath(new URL('../../ml-service/main.js', import.meta.url));
const STRATEGY = fileURLToPath(new URL('../../strategies/main.js', import.meta.url));
/** The last of what a failed process wrote is shown; the first of it scrolls away anyway. */
const KEPT_ERROR_CHARACTERS = 4_000;

function failed(
  what: string,
  code: number | null,
  signal: NodeJS.Signals | null,
  errors: string,
): ServiceError {
  const how = signal === null ? `exit code ${code}` : `signal ${signal}`;
  return new ServiceError(
    'UNAVAILABLE',
    `${what} ended with ${how}${errors ? `:\n${errors.trimEnd()}` : ''}`,
  );
}

/** A Node process that speaks in JSON lines on its stdout. */
class JsonProcess {
  readonly #what: string;
  readonly #child: ChildProcess;
  readonly #exited: Promise<[number | null, NodeJS.Signals | null]>;
  #errors = '';

  constructor(what: string, script: string, args: readonly string[]) {
    this.#what = what;
    this.#child = spawn(process.execPath, [script, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    this.#exited = once(this.#child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#errors = (this.#errors + text).slice(-KEPT_ERROR_CHARACTERS);
    });
  }

  async *messages(): AsyncIterable<Record<string, unknown>> {
    if (!this.#child.stdout) return;
    for await (const line of createInterface({ input: this.#child.stdout })) {
      yield JSON.parse(line) as Record<string, unknown>;
    }
  }

  /** @throws ServiceError UNAVAILABLE unless it ended with 0 */
  async end(): Promise<void> {
    const [code, signal] = await this.#exited;
    if (code !== 0) throw failed(this.#what, code, signal, this.#errors);
  }

  signal(signal: NodeJS.Signals): void {
    if (this.#child.exitCode === null && this.#child.signalCode === null) this.#child.kill(signal);
  }
}

export interface RunningService {
  readonly requestEndpoint: string;
  /** Drains it and waits for its end. */
  stop(): Promise<void>;
  /** Ends it at once, whatever it is doing. */
  kill(): void;
}

/** Starts the ml-service as a process of its own on free loopback ports; resolves when it is ready. */
export async function startService(dataDir: string, seed: number): Promise<RunningService> {
  const child = new JsonProcess('the ml-service', SERVICE, [
    ...['--data-dir', dataDir, '--bind', 'tcp://127.0.0.1:0', '--events-bind', 'tcp://127.0.0.1:0'],
    ...['--metrics-port', '0', '--seed', String(seed), '--log-level', 'warn'],
    // Nothing hurries on paper: no expert is to be missed because the machine was busy.
    ...['--expert-timeout-ms', '10000'],
  ]);
  for await (const message of child.messages()) {
    if (message['ready'] !== true) continue;
    const { request } = message['endpoints'] as { request: string };
    return {
      requestEndpoint: request,
      stop: async () => {
        child.signal('SIGTERM');
        await child.end();
      },
      kill: () => child.signal('SIGKILL'),
    };
  }
  await child.end();
  throw new ServiceError('UNAVAILABLE', 'the ml-service ended before it was ready');
}

/**
 * Runs the reference strategy as a process of its own and returns what it said last.
 * @throws ServiceError UNAVAILABLE, with what it wrote, when it fails
 */
export async function runStrategy(
  args: readonly string[],
  onProgress: (done: number, total: number) => void,
): Promise<Record<string, unknown>> {
  const child = new JsonProcess('the strategy', STRATEGY, args);
  const onInterrupt = (): void => child.signal('SIGTERM');
  process.once('SIGINT', onInterrupt);
  try {
    let last: Record<string, unknown> | undefined;
    for await (const message of child.messages()) {
      const progress = message['progress'] as { done: number; total: number } | undefined;
      if (progress) onProgress(progress.done, progress.total);
      else last = message;
    }
    await child.end();
    if (last) return last;
    throw new ServiceError('UNAVAILABLE', 'the strategy ended without a result');
  } finally {
    process.off('SIGINT', onInterrupt);
  }
}

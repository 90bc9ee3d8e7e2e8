import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const MIB = 1024;

/** A process of the soak: says lines of JSON, and answers lines of JSON. It ends when its parent does. */
export class Helper {
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string>;

  /** @param script in `processes/` @param argument what it is told, as JSON */
  constructor(script: string, argument: unknown, nodeOptions: readonly string[] = []) {
    const file = fileURLToPath(new URL(`processes/${script}.js`, import.meta.url));
    this.#child = spawn(process.execPath, [...nodeOptions, file, JSON.stringify(argument)], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    if (!this.#child.stdout) throw new Error('a helper has no output');
    this.#child.stdin?.on('error', () => undefined);
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
  }

  async hear<T>(): Promise<T> {
    const { value, done } = await this.#lines.next();
    if (done) throw new Error(`a helper ended: ${this.#child.spawnargs.slice(-2).join(' ')}`);
    return JSON.parse(value) as T;
  }

  ask<T>(order: string): Promise<T> {
    this.#child.stdin?.write(`${order}\n`);
    return this.hear<T>();
  }

  kill(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Its exit code, null when a signal ended it. */
  async exit(): Promise<number | null> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) await once(this.#child, 'exit');
    return this.#child.exitCode;
  }

  async end(): Promise<void> {
    this.kill('SIGKILL');
    await this.exit();
  }

  /** MiB in memory. */
  residentMiB(): number {
    const [, kib] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${this.#child.pid}/status`, 'utf8')) ?? [];
    return Number(kib) / MIB;
  }

  descriptors(): number {
    return readdirSync(`/proc/${this.#child.pid}/fd`).length;
  }
}

/** What a host of the soak says of itself. */
export interface Vitals {
  readonly heapBytes: number;
  readonly timers: number;
  readonly rejections: number;
}

export interface HostArgument {
  readonly endpoint?: string;
  /** Options of the ServiceHost. */
  readonly options?: object;
}

/** A host of its own, listening. */
export async function openHost(
  argument: HostArgument = {},
): Promise<{ readonly host: Helper; readonly endpoint: string }> {
  const host = new Helper('host', argument, ['--expose-gc']);
  const { request } = await host.hear<{ request: string }>();
  return { host, endpoint: request };
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

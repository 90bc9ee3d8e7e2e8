import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const WORKER = fileURLToPath(new URL('worker.js', import.meta.url));

/** Two processes flip between two speeds unless each has a processor of its own. */
export function canPin(): boolean {
  return spawnSync('taskset', ['-c', '1', 'true']).status === 0;
}

/** A worker process that answers one line with one line. */
export class Child {
  readonly #process: ChildProcess;
  readonly #lines: AsyncIterator<string>;

  /** @param cpu the processor it is bound to; undefined = any */
  constructor(cpu: number | undefined, args: readonly string[]) {
    const pin = cpu === undefined ? [] : ['taskset', '-c', String(cpu)];
    const [command = '', ...rest] = [...pin, process.execPath, WORKER, ...args];
    this.#process = spawn(command, rest, { stdio: ['pipe', 'pipe', 'inherit'] });
    if (!this.#process.stdout) throw new Error('a worker has no output');
    this.#lines = createInterface({ input: this.#process.stdout })[Symbol.asyncIterator]();
  }

  /** What it says next. Lines that are no JSON are a library's own chatter. */
  async hear<T>(): Promise<T> {
    for (;;) {
      const { value, done } = await this.#lines.next();
      if (done) throw new Error(`a worker ended: ${this.#process.spawnargs.slice(-3).join(' ')}`);
      try {
        return JSON.parse(value) as T;
      } catch {}
    }
  }

  ask<T>(order: unknown): Promise<T> {
    this.#process.stdin?.write(`${JSON.stringify(order)}\n`);
    return this.hear<T>();
  }

  end(): void {
    this.#process.stdin?.end();
    this.#process.kill();
  }
}

import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** What an appender process does. */
export interface AppenderTask {
  readonly dataDir: string;
  /** Starts its keys: unique per process. */
  readonly label: string;
  readonly inFlight: number;
  readonly bodyBytes: number;
  readonly count: number;
}

/** A record a process said was durable. */
export interface Acked {
  readonly seq: number;
  readonly key: string;
  readonly hash: string;
}

export interface AppenderOptions {
  /** Shell run before Node takes its place, e.g. `ulimit -f 100`. */
  readonly prelude?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** A running `appender.ts`, and what it has said. */
export class AppenderProcess {
  readonly lines: string[] = [];
  /** Resolves when the process has ended and all it said was read. */
  readonly ended: Promise<void>;
  readonly #child: ChildProcess;
  #waiting: { readonly test: (line: string) => boolean; readonly resolve: () => void }[] = [];

  constructor(task: AppenderTask, options: AppenderOptions = {}) {
    const script = fileURLToPath(new URL('./appender.js', import.meta.url));
    const node = [process.execPath, script, JSON.stringify(task)];
    const [command, ...args] =
      options.prelude === undefined
        ? node
        : ['/bin/sh', '-c', `${options.prelude}; exec "$@"`, 'sh', ...node];
    this.#child = spawn(command ?? '', args, {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, ...options.env },
    });
    const { stdout } = this.#child;
    if (stdout === null) throw new Error('no stdout');
    const reader = createInterface({ input: stdout });
    reader.on('line', (line) => this.#hear(line));
    this.ended = new Promise<void>((resolve) => reader.once('close', () => resolve())).then(() => {
      for (const { resolve } of this.#waiting) resolve();
    });
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Resolves when a line begins with `word`, or the process ends. */
  said(word: string): Promise<void> {
    const test = (line: string): boolean => line.startsWith(word);
    if (this.lines.some(test)) return Promise.resolve();
    return new Promise((resolve) => this.#waiting.push({ test, resolve }));
  }

  /** Resolves when so many records were acknowledged, or the process ends. */
  acknowledged(count: number): Promise<void> {
    let left = count - this.acked().length;
    if (left <= 0) return Promise.resolve();
    const test = (line: string): boolean => line.startsWith('acked ') && --left <= 0;
    return new Promise((resolve) => this.#waiting.push({ test, resolve }));
  }

  /** kill -9, and the end of its output. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.ended;
  }

  acked(): Acked[] {
    return this.#words('acked').map(([seq, key, hash]) => ({
      seq: Number(seq),
      key: key ?? '',
      hash: hash ?? '',
    }));
  }

  refusals(): { seq: number; code: string }[] {
    return this.#words('refused').map(([seq, code]) => ({ seq: Number(seq), code: code ?? '' }));
  }

  failures(): { kind: string; durableSeq: number }[] {
    return this.#words('failure').map(([kind, seq]) => ({ kind: kind ?? '', durableSeq: Number(seq) }));
  }

  /** A kill may cut the last line: complete ones have all their words. */
  #words(first: string): string[][] {
    const all = this.lines.map((line) => line.split(' ')).filter(([word]) => word === first);
    const length = Math.max(...all.map((words) => words.length));
    return all.filter((words) => words.length === length).map((words) => words.slice(1));
  }

  #hear(line: string): void {
    this.lines.push(line);
    const done = this.#waiting.filter(({ test }) => test(line));
    this.#waiting = this.#waiting.filter((waiting) => !done.includes(waiting));
    for (const { resolve } of done) resolve();
  }
}

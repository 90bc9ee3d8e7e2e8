import { Worker } from 'node:worker_threads';

import { invalidArgument, ServiceError } from '../../runtime/index.js';
import { count } from '../arguments.js';
import {
  BACKGROUND_KERNELS,
  type BackgroundKernel,
  type KernelArguments,
  type KernelResult,
} from './kernels.js';
import type { KernelAnswer, KernelCall } from './messages.js';
import { ownCopy } from './own-copy.js';

/** Options of {@link KernelWorkers}. */
export interface KernelWorkersOptions {
  /** Calls that run at the same time, 1 to 64; each has a thread, started when first needed. */
  readonly threads: number;
}

/** Options of {@link KernelWorkers.run}. */
export interface KernelRunOptions {
  /** Rejects with CANCELLED. */
  readonly signal?: AbortSignal;
}

interface Job {
  readonly call: KernelCall;
  readonly settle: (answer: KernelAnswer) => void;
}

/** A thread and what it is at. */
interface Seat {
  readonly worker: Worker;
  job: Job | undefined;
}

/**
 * Runs kernels on threads of its own, so that long work does not hold up the caller's: the same
 * functions, arguments, results and errors as on the calling thread. Arguments are copied at the call
 * and may change afterwards. Idle threads do not keep the process alive.
 *
 *     const workers = new KernelWorkers({ threads: 2 });
 *     const fit = await workers.run('fitHmm', [returns, options], { signal });
 *     await workers.close();
 */
export class KernelWorkers {
  readonly #threads: number;
  readonly #seats = new Set<Seat>();
  readonly #waiting: Job[] = [];
  #closed = false;

  constructor(options: KernelWorkersOptions) {
    this.#threads = count('threads', options?.threads, 1, 64);
  }

  /**
   * Calls `kernel`. A cancelled call rejects at once; if it runs already, its thread is free again when
   * the kernel ends. Throws INVALID_ARGUMENT as the kernel does, and for arguments that cannot be
   * copied; FAILED_PRECONDITION after `close`; INTERNAL where the thread died.
   */
  run<K extends BackgroundKernel>(
    kernel: K,
    args: KernelArguments<K>,
    { signal }: KernelRunOptions = {},
  ): Promise<KernelResult<K>> {
    return new Promise((resolve, reject) => {
      if (this.#closed) throw new ServiceError('FAILED_PRECONDITION', 'the workers are closed');
      if (!Object.hasOwn(BACKGROUND_KERNELS, kernel)) {
        throw invalidArgument('kernel', kernel, `one of ${Object.keys(BACKGROUND_KERNELS).join(', ')}`);
      }
      if (signal?.aborted === true) throw cancelled();
      const call = { kernel, args: ownCopy('args', [...args]) as readonly unknown[] };
      const job: Job = {
        call,
        settle: (answer) => {
          signal?.removeEventListener('abort', cancel);
          if (answer.ok) resolve(answer.result as KernelResult<K>);
          else reject(asError(answer));
        },
      };
      const cancel = (): void => {
        const place = this.#waiting.indexOf(job);
        if (place >= 0) this.#waiting.splice(place, 1);
        reject(cancelled());
      };
      signal?.addEventListener('abort', cancel, { once: true });
      this.#waiting.push(job);
      this.#next();
    });
  }

  /** Ends all threads; what waits or runs rejects with CANCELLED. */
  async close(): Promise<void> {
    this.#closed = true;
    const jobs = [...this.#waiting.splice(0), ...[...this.#seats].map((seat) => seat.job)];
    for (const job of jobs) job?.settle({ ok: false, code: 'CANCELLED', message: 'the workers were closed' });
    await Promise.all([...this.#seats].map((seat) => seat.worker.terminate()));
  }

  /** Gives the longest waiting call to a free thread, if there is one. */
  #next(): void {
    const seat = this.#freeSeat();
    const job = seat === undefined ? undefined : this.#waiting.shift();
    if (seat === undefined || job === undefined) return;
    try {
      seat.worker.postMessage(job.call);
    } catch {
      const message = 'args: something that cannot be copied; must be numbers, text, lists and plain objects';
      job.settle({ ok: false, code: 'INVALID_ARGUMENT', message, field: 'args' });
      this.#next();
      return;
    }
    seat.job = job;
    seat.worker.ref();
  }

  #freeSeat(): Seat | undefined {
    for (const seat of this.#seats) if (seat.job === undefined) return seat;
    return this.#seats.size < this.#threads ? this.#start() : undefined;
  }

  #start(): Seat {
    // Flags of the process, such as those of a script given as text, are none of the thread's.
    const worker = new Worker(new URL('./worker-entry.js', import.meta.url), { execArgv: [] });
    const seat: Seat = { worker, job: undefined };
    this.#seats.add(seat);
    worker.on('message', (answer: KernelAnswer) => {
      const { job } = seat;
      seat.job = undefined;
      worker.unref();
      job?.settle(answer);
      this.#next();
    });
    worker.on('error', (error) => this.#lost(seat, error.message));
    worker.on('exit', (status) => this.#lost(seat, `exit status ${status}`));
    return seat;
  }

  /** A thread is gone: its call fails, the next one starts another. */
  #lost(seat: Seat, why: string): void {
    if (!this.#seats.delete(seat) || this.#closed) return;
    seat.job?.settle({ ok: false, code: 'INTERNAL', message: `the kernel's thread ended: ${why}` });
    this.#next();
  }
}

function asError(answer: Extract<KernelAnswer, { ok: false }>): ServiceError {
  const { code, message, field } = answer;
  return new ServiceError(code, message, field === undefined ? {} : { field });
}

function cancelled(): ServiceError {
  return new ServiceError('CANCELLED', 'the call was cancelled', { field: 'signal' });
}

import { types } from 'node:util';
import { ServiceError } from '../../runtime/index.js';
import type { BaseHandler, BatchRequest } from './base-handler.js';
import type { RequestContext } from './request-context.js';

/** Answers one request of a handler: a value, or a native Promise of one. */
export type Answerer = (command: string, payload: unknown, context: RequestContext) => unknown;

/** Requests handed over at once where a handler does not say. */
export const DEFAULT_MAX_BATCH = 64;

/** One by one for most handlers, in batches for one that has `handleBatch()`. */
export function answererOf(handler: BaseHandler): Answerer {
  if (!handler.handleBatch)
    return (command, payload, context) => handler.handleRequest(command, payload, context);
  const batches = new BatchQueue(handler);
  return (command, payload, context) => batches.add(command, payload, context);
}

interface Waiting extends BatchRequest {
  readonly command: string;
  resolve(value: unknown): void;
  reject(reason: unknown): void;
}

/**
 * Collects what waits for a handler: what came within one turn of the event loop, or while a batch runs.
 * One batch runs at a time; the command of the request that has waited longest goes next.
 */
class BatchQueue {
  readonly #handler: BaseHandler;
  readonly #maxBatch: number;
  #waiting: Waiting[] = [];
  #running = false;
  #scheduled = false;

  constructor(handler: BaseHandler) {
    this.#handler = handler;
    this.#maxBatch = Math.max(1, Math.floor(handler.maxBatch ?? DEFAULT_MAX_BATCH));
  }

  add(command: string, payload: unknown, context: RequestContext): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ command, payload, context, resolve, reject });
      this.#schedule();
    });
  }

  /** After everything that this turn still reads from its sockets. */
  #schedule(): void {
    if (this.#scheduled || this.#running) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#next();
    });
  }

  #next(): void {
    const batch = this.#take();
    if (batch.length === 0) return;
    this.#running = true;
    this.#run(batch, () => {
      this.#running = false;
      if (this.#waiting.length > 0) this.#schedule();
    });
  }

  /** The next batch; requests that have ended while they waited are let go. */
  #take(): Waiting[] {
    const batch: Waiting[] = [];
    const left: Waiting[] = [];
    for (const request of this.#waiting) {
      const { context } = request;
      if (context.signal.aborted || context.remainingMs() <= 0) request.reject(overdue(request));
      else if (batch.length < this.#maxBatch && request.command === (batch[0] ?? request).command)
        batch.push(request);
      else left.push(request);
    }
    this.#waiting = left;
    return batch;
  }

  /** @param done called once, when nobody waits for an answer of this batch any more */
  #run(batch: readonly Waiting[], done: () => void): void {
    const command = (batch[0] as Waiting).command;
    let open = batch.length;
    const requests = batch.map((request) =>
      closing(request, () => {
        if (--open === 0) done();
      }),
    );
    const fail = (thrown: unknown): void => {
      for (const { reject } of requests) reject(thrown);
    };
    const finish = (answers: unknown): void => {
      if (Array.isArray(answers) && answers.length === requests.length)
        requests.forEach((request, i) => {
          settle(request, answers[i]);
        });
      else fail(new ServiceError('INTERNAL', `a batch of ${batch.length} ${command} needs as many answers`));
    };
    try {
      const answers = this.#handler.handleBatch?.(command, batch);
      if (types.isPromise(answers)) answers.then(finish, fail);
      else finish(answers);
    } catch (thrown) {
      fail(thrown);
    }
  }
}

/** A request that calls `onClosed` once: when it has its answer, or nobody waits for that any more. */
function closing(
  { resolve, reject, context }: Waiting,
  onClosed: () => void,
): Pick<Waiting, 'resolve' | 'reject'> {
  const { signal } = context;
  let closed = false;
  const close = (): void => {
    if (closed) return;
    closed = true;
    signal.removeEventListener('abort', close);
    onClosed();
  };
  signal.addEventListener('abort', close);
  return {
    resolve: (value) => {
      resolve(value);
      close();
    },
    reject: (reason) => {
      reject(reason);
      close();
    },
  };
}

function settle({ resolve, reject }: Pick<Waiting, 'resolve' | 'reject'>, answer: unknown): void {
  if (answer instanceof Error) reject(answer);
  else if (types.isPromise(answer)) answer.then(resolve, reject);
  // Resolving with it would run it.
  else if (typeof answer === 'object' && answer !== null && typeof Reflect.get(answer, 'then') === 'function')
    reject(new ServiceError('INTERNAL', 'a handler answered with a callable `then` that is no promise'));
  else resolve(answer);
}

function overdue({ command, context }: Waiting): unknown {
  const late = (): ServiceError =>
    new ServiceError('DEADLINE_EXCEEDED', `${command}: not answered within its time`);
  return context.signal.reason ?? late();
}
